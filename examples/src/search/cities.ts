/** Cities to search for, at a source that is slow: the less it is asked for, the longer it takes. */
import { setTimeout } from "node:timers/promises";

export interface City {
  readonly name: string;
  readonly country: string;
}

/** The way to the source. Tests put their own in its place. */
export const network = {
  /** @throws the signal's reason when it is aborted */
  travel: (text: string, signal: AbortSignal): Promise<void> =>
    setTimeout(Math.max(300, 1500 - 250 * text.length), undefined, { signal }),
};

/** Most cities of an answer. */
const MOST = 8;

/**
 * Cities whose name, or whose country's name, holds a text; those that begin with it come first.
 * @throws the signal's reason when it is aborted
 */
export async function findCities(text: string, signal: AbortSignal): Promise<City[]> {
  await network.travel(text, signal);
  const sought = text.toLowerCase();
  const begins = ({ name }: City) => name.toLowerCase().startsWith(sought);
  const found = cities.filter(({ name, country }) => `${name}, ${country}`.toLowerCase().includes(sought));
  return [...found.filter(begins), ...found.filter((city) => !begins(city))].slice(0, MOST);
}

const names: Readonly<Record<string, string>> = {
  Argentina: "Buenos Aires, Córdoba, Rosario",
  Australia: "Adelaide, Brisbane, Melbourne, Perth, Sydney",
  Austria: "Graz, Innsbruck, Linz, Salzburg, Vienna",
  Belgium: "Antwerp, Bruges, Brussels, Ghent",
  Brazil: "Brasília, Curitiba, Recife, Rio de Janeiro, Salvador, São Paulo",
  Canada: "Calgary, Montréal, Ottawa, Toronto, Vancouver",
  Chile: "Concepción, Santiago, Valparaíso",
  Czechia: "Brno, Ostrava, Prague",
  Denmark: "Aarhus, Copenhagen, Odense",
  Egypt: "Alexandria, Aswan, Cairo, Luxor",
  Finland: "Helsinki, Oulu, Tampere, Turku",
  France: "Bordeaux, Lille, Lyon, Marseille, Nantes, Nice, Paris, Strasbourg, Toulouse",
  Germany: "Berlin, Bremen, Cologne, Dresden, Frankfurt, Hamburg, Leipzig, Munich, Stuttgart",
  Ghana: "Accra, Kumasi, Tamale",
  Greece: "Athens, Heraklion, Patras, Thessaloniki",
  India: "Bengaluru, Chennai, Delhi, Kolkata, Mumbai, Pune",
  Ireland: "Cork, Dublin, Galway, Limerick",
  Italy: "Bologna, Florence, Genoa, Milan, Naples, Palermo, Rome, Turin, Venice",
  Japan: "Fukuoka, Kyoto, Nagoya, Osaka, Sapporo, Tokyo",
  Kenya: "Kisumu, Mombasa, Nairobi",
  Mexico: "Guadalajara, Mérida, Mexico City, Monterrey, Oaxaca",
  Morocco: "Casablanca, Fès, Marrakesh, Rabat, Tangier",
  Netherlands: "Amsterdam, Eindhoven, Rotterdam, The Hague, Utrecht",
  Norway: "Bergen, Oslo, Stavanger, Trondheim",
  Peru: "Arequipa, Cusco, Lima",
  Poland: "Gdańsk, Kraków, Łódź, Poznań, Warsaw, Wrocław",
  Portugal: "Braga, Coimbra, Faro, Lisbon, Porto",
  Spain: "Barcelona, Bilbao, Granada, Madrid, Málaga, Seville, Valencia",
  Sweden: "Gothenburg, Malmö, Stockholm, Uppsala",
  Switzerland: "Basel, Bern, Geneva, Lausanne, Zürich",
  Türkiye: "Ankara, Antalya, Istanbul, İzmir",
  "United Kingdom": "Belfast, Bristol, Cardiff, Edinburgh, Glasgow, Leeds, Liverpool, London, Manchester",
  "United States": "Boston, Chicago, Denver, New York, Portland, San Francisco, Seattle",
  Vietnam: "Đà Nẵng, Hanoi, Huế",
};

const cities: readonly City[] = Object.entries(names).flatMap(([country, list]) =>
  list.split(", ").map((name) => ({ name, country })),
);
