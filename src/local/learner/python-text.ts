/** How Python prints a float: `10.0`, `nan`, `inf`. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** How Python prints a dictionary of texts. */
export function pythonDict(values: Readonly<Record<string, string>>): string {
  const entries = Object.entries(values).map(([key, value]) => `${pythonText(key)}: ${pythonText(value)}`);
  return `{${entries.join(", ")}}`;
}

function pythonText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll(quote, `\\${quote}`)
    // eslint-disable-next-line no-control-regex -- control characters are what is escaped here
    .replaceAll(/[\u0000-\u001f\u007f]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return quote + escaped + quote;
}
