/** A label of Cityscapes: `evaluated` ones are the 19 that the benchmark scores; the others it ignores. */
export interface CityscapesLabel {
  readonly name: string;
  readonly id: number;
  /** Index among the evaluated labels. */
  readonly trainId?: number;
}

/** In the order of their ids, 0 to 33 (`labels.py` of the Cityscapes scripts). */
const names = [
  "unlabeled", "ego vehicle", "rectification border", "out of roi", "static", "dynamic", "ground", "road", "sidewalk",
  "parking", "rail track", "building", "wall", "fence", "guard rail", "bridge", "tunnel", "pole", "polegroup",
  "traffic light", "traffic sign", "vegetation", "terrain", "sky", "person", "rider", "car", "truck", "bus", "caravan",
  "trailer", "train", "motorcycle", "bicycle",
] as const; // prettier-ignore

/** Ids of the evaluated labels in the order of their train ids. */
const evaluated = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33];

/** All labels but `license plate`, whose id is -1 and which no mask holds. */
export const cityscapesLabels: readonly CityscapesLabel[] = names.map((name, id) => {
  const trainId = evaluated.indexOf(id);
  return { name, id, ...(trainId < 0 ? {} : { trainId }) };
});

/** The label of a train id, 0 to 18. */
export function cityscapesLabelOfTrainId(trainId: number): CityscapesLabel | undefined {
  return cityscapesLabels[evaluated[trainId] ?? -1];
}
