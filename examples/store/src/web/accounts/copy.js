/** A button that copies the value of a field. Its text says that it did; without a clipboard it selects the value. */
const Copy = (button) => {
  const copy = async () => {
    const field = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copied";
    } catch {
      field.select();
      button.textContent = "Press Ctrl+C";
    }
  };
  button.addEventListener("click", copy);
  return () => button.removeEventListener("click", copy);
};

window.Overwire = { ...window.Overwire, hooks: { ...window.Overwire?.hooks, Copy } };
