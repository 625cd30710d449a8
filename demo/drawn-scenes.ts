import { createMask, defineClasses } from "../src/index.js";
import type { Material } from "./material.js";
import { drawScene, sceneClasses } from "./scenes/scene.js";

/** Scenes to label and to learn from, and scenes that nothing is learned from. */
const learned = 36;
const measured = 12;

/** Scenes that the demo draws, the same for the same seed. */
export function drawnScenes(seed: number): Material {
  const classes = defineClasses<string>(sceneClasses, {
    colors: { "sea turtle": "#ff2e88", starfish: "#6a3dff" },
  });
  return {
    title: "Sea turtles: drawn scenes, small local model",
    classes,
    count: learned,
    *pictures() {
      for (let number = 0; number < learned; number++) {
        const { name, width, height, jpeg, truth } = drawScene(seed, number);
        yield { name, image: jpeg, mask: createMask(width, height, truth, classes).toPng() };
      }
    },
    annotators: true,
    validation: 0.2,
    *heldOut() {
      for (let number = learned; number < learned + measured; number++) {
        const { name, width, height, jpeg, truth } = drawScene(seed, number);
        yield { name, image: jpeg, mask: createMask(width, height, truth, classes) };
      }
    },
    use: `${measured} scenes that were neither labeled nor used for training or validation, against their exact truth.`,
    // Chosen for what is to be seen, without regard to their scores.
    shown: ["lagoon-45", "shore-46", "beach-44"],
  };
}
