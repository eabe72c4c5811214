// On a narrow screen the navigation scrolls: what it shows first is where the person is.
document.querySelector(".site nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
