/** An error as a page for who is at work on a function: it loads nothing, runs nothing, and shows texts as texts. */
import type { RuntimeError } from '../contract/errors.ts';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
h1{font-size:1.25rem;color:#a4121e}pre{font:14px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;background:#f4f4f4;padding:1rem;border-left:4px solid #a4121e}
p{color:#555}@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}h1{color:#ff8a8a}pre{background:#262626;border-color:#ff8a8a}p{color:#bbb}}`;

export function errorPage(requestId: string, error: RuntimeError): string {
	const { code, message, row } = error;
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${row.status} ${code}</title><style>${STYLE}</style></head>
<body><h1>${row.status} ${code}</h1>
<pre>${escaped(message)}</pre>
<p>${escaped(row.help)}</p><p>Request ${escaped(requestId)}</p></body></html>
`;
}

function escaped(text: string): string {
	return text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
