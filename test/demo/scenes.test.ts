import { decode } from "jpeg-js";
import { describe, expect, test } from "vitest";
import { drawScene, sceneClasses, sceneSize } from "../../demo/scenes/scene.js";
import { readJpegHeader } from "../../src/masks.js";

const scenes = [0, 1, 2, 3].map((number) => drawScene(7, number));

describe("drawn scenes", () => {
  test("are JPEG files of the promised size, one of each kind", () => {
    expect(scenes.map(({ name }) => name)).toEqual(["beach-00", "lagoon-01", "shore-02", "reef-03"]);
    for (const { jpeg, truth } of scenes) {
      expect(readJpegHeader(jpeg)).toMatchObject(sceneSize);
      expect(truth.length).toBe(sceneSize.width * sceneSize.height);
    }
  });

  test("have turtles and background everywhere, starfish somewhere, and no other class", () => {
    const shares = scenes.map(({ truth }) =>
      sceneClasses.map((_, index) => truth.filter((value) => value === index).length / truth.length),
    );
    for (const [background, turtle, starfish] of shares) {
      expect(background! + turtle! + starfish!).toBeCloseTo(1, 10);
      expect(turtle).toBeGreaterThan(0.02);
      expect(background).toBeGreaterThan(0.5);
    }
    expect(shares.some(([, , starfish]) => starfish! > 0.002)).toBe(true);
  });

  test("are the same for the same seed and number, and others for others", () => {
    const again = drawScene(7, 2);
    expect(Buffer.from(again.jpeg).equals(Buffer.from(scenes[2]!.jpeg))).toBe(true);
    expect(Buffer.from(again.truth).equals(Buffer.from(scenes[2]!.truth))).toBe(true);
    expect(Buffer.from(drawScene(8, 2).jpeg).equals(Buffer.from(again.jpeg))).toBe(false);
  });

  test("have no holes: no part of a picture is black", () => {
    for (const { jpeg } of scenes) {
      const { data } = decode(jpeg, { useTArray: true });
      let black = 0;
      for (let at = 0; at < data.length; at += 4) {
        if (data[at]! + data[at + 1]! + data[at + 2]! < 12) black++;
      }
      expect(black).toBeLessThan(20);
    }
  });
});
