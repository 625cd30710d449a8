import { escapeHtml } from "../../core/escape-html.js";
import { styleSheet } from "./style.js";

/** The parts of a page. */
export interface HtmlPage {
  /** Title and heading, as plain text. */
  readonly title: string;
  /** HTML below the heading. */
  readonly header?: string;
  /** Rules beside those of every page. */
  readonly style?: string;
  /** Whether it embeds pictures. */
  readonly images: boolean;
  /** HTML of its parts, one below the other. */
  readonly parts: readonly string[];
}

/** One HTML file, no script, nothing loaded from elsewhere, and its own policy forbids both. */
export function htmlPage({ title, header = "", style = "", images, parts }: HtmlPage): string {
  const policy = `default-src 'none'; ${images ? "img-src data:; " : ""}style-src 'unsafe-inline'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${styleSheet}${style}</style>
</head>
<body>
<main>
<header><h1>${escapeHtml(title)}</h1>${header}</header>
${parts.join("\n")}
</main>
</body>
</html>
`;
}
