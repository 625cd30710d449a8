/** Whether a text has the form of an AWS region's name, e.g. `us-east-1` or `us-gov-west-1`; it need not exist. */
export function isRegionName(text: string): boolean {
  return /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(text);
}
