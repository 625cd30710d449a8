import { type Random, seededRandom } from "../../src/core/random.js";
import { photograph } from "./camera.js";
import { Canvas, type Thing } from "./canvas.js";
import { coral, starfish, weed } from "./growth.js";
import { Places } from "./places.js";
import { type Setting, beach, lagoon, shore } from "./settings.js";
import type { Place } from "./shapes.js";
import { driftwood, pebble, rock, scallop } from "./things.js";
import { coats, turtle } from "./turtle.js";

/** What can be seen in a scene; position = class index. */
export const sceneClasses = ["background", "sea turtle", "starfish"] as const;

export const sceneSize = { width: 224, height: 168 } as const;

/** A picture like a photograph taken from above, with the class of every pixel. */
export interface Scene {
  /** E.g. `lagoon-03`. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly jpeg: Uint8Array;
  /** Class indices, row by row. */
  readonly truth: Uint8Array;
}

const kinds = ["beach", "lagoon", "shore", "reef"] as const;

/** Draws one scene; the same seed and number give the same bytes. */
export function drawScene(seed: number, number: number): Scene {
  const { width, height } = sceneSize;
  const kind = kinds[number % kinds.length]!;
  const random = seededRandom(`scene ${seed} ${number}`);
  const places = new Places(width, height, random);
  const animals = turtlePlaces(places, random);
  const setting =
    kind === "beach"
      ? beach(sceneSize, animals, random)
      : kind === "shore"
        ? shore(sceneSize, random)
        : lagoon(sceneSize, kind === "reef" ? 0.6 + 0.5 * random() : 0.28 + 0.3 * random(), random);
  const canvas = new Canvas(width, height);
  canvas.fill(setting.ground);
  for (const thing of [...clutter(kind, setting, places, random), ...herd(animals, setting, random)]) {
    canvas.place(thing, setting.light, setting.medium);
  }
  if (setting.above !== undefined) canvas.fill(setting.above);
  return {
    name: `${kind}-${String(number).padStart(2, "0")}`,
    width,
    height,
    jpeg: photograph(canvas, random),
    truth: canvas.labels,
  };
}

function turtlePlaces(places: Places, random: Random): readonly Place[] {
  const count = random() < 0.55 ? 1 : random() < 0.7 ? 2 : 3;
  const [smallest, largest] = [
    [29, 40],
    [24, 33],
    [20, 26],
  ][count - 1] as [number, number];
  const found = Array.from({ length: count }, () =>
    places.find(smallest + (largest - smallest) * random(), { reach: 1.45, margin: 0.35 }),
  );
  return found.filter((place) => place !== undefined);
}

function herd(animals: readonly Place[], setting: Setting, random: Random): readonly Thing[] {
  return animals.map((place) => {
    const deep = setting.depth(place.x, place.y);
    const options = {
      label: sceneClasses.indexOf("sea turtle"),
      place,
      coat: coats[Math.floor(random() * coats.length)]!,
      light: setting.light,
      dust: deep > 0 ? undefined : setting.sand,
      // Swimming turtles throw their shadow farther away.
      lift: deep > 0.3 ? 0.35 + 0.5 * random() : 0.22,
    };
    return turtle(options, random);
  });
}

/** All that is no turtle. */
function clutter(kind: (typeof kinds)[number], setting: Setting, places: Places, random: Random): readonly Thing[] {
  const { light, depth } = setting;
  const things: Thing[] = [];
  const under = kind === "lagoon" || kind === "reef";
  const put = (chance: number, size: () => number, make: (place: Place) => Thing, reach = 1): void => {
    let left = chance;
    while (left > 0 && random() < left) {
      const place = places.find(size(), { reach });
      if (place !== undefined) things.push(make(place));
      left -= 1;
    }
  };
  const between = (low: number, high: number) => (): number => low + (high - low) * random();
  const star = sceneClasses.indexOf("starfish");
  put(kind === "shore" ? 1.2 : 2.2, between(11, 18), (place) => starfish(star, place, light, random), 1.1);
  put(
    kind === "reef" ? 3.5 : 1.3,
    between(8, 20),
    (place) => {
      return rock(place, light, depth(place.x, place.y) > 0 ? 0.75 : 0.15, random);
    },
    1.2,
  );
  if (kind === "reef") put(4.5, between(8, 15), (place) => coral(place, light, random), 1.1);
  put(kind === "reef" ? 0.5 : 1.6, between(9, 17), (place) => weed(place, random), 0.9);
  put(2.4, between(2.2, 4.4), (place) => scallop(place, light, random), 1.6);
  if (!under) put(0.8, between(18, 34), (place) => driftwood(place, light, random));
  put(5.5, between(0.9, 2.6), (place) => pebble(place, light, random), 1.5);
  return things;
}
