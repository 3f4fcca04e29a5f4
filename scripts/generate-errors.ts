/**
 * Writes docs/errors.md from the table of error codes. With --check it writes nothing and fails where the page is
 * not what the table says.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ERRORS, type ErrorRow, type Fault } from '../src/contract/errors.ts';

const PAGE = fileURLToPath(new URL('../docs/errors.md', import.meta.url));

const INTRODUCTION = `# Errors

<!-- Generated from src/contract/errors.ts by scripts/generate-errors.ts. Do not edit. -->

Every failure has a permanent code. An HTTP client finds it in the header \`X-Httpfn-Error\`; the log and the command
line show it with the message. The body of the answer has the shape of the platform's gateway:

\`\`\`json
{"error_code":"APIG.0203","error_msg":"…","request_id":"…"}
\`\`\`

\`request_id\` stands in the log beside the cause, and is also the header \`X-Cff-Request-Id\`. Where the function itself
failed, \`X-Is-Func-Err: true\` and \`X-Func-Err-Code\` with the engine's number are sent too. Messages may change from
one release to the next; codes do not. Where the platform's documents leave open which of its codes fits, the choice is ours.
`;

const SECTIONS: Readonly<Record<Fault, string>> = {
	caller: 'The caller has to act',
	function: "The function's author has to act",
	platform: 'Whoever runs httpfn has to act',
};

export function errorsPage(): string {
	const sections = Object.entries(SECTIONS).map(([fault, title]) => {
		const rows: Array<[string, ErrorRow]> = Object.entries(ERRORS).filter(([, row]) => row.fault === fault);
		const lines = rows.map(
			([code, row]) => `| \`${code}\` | ${row.status} | ${row.wire} | ${row.engine ?? ''} | ${row.help} |`,
		);
		return `## ${title}\n\n| Code | HTTP | Platform | Engine | What to do |\n|---|---|---|---|---|\n${lines.join('\n')}\n`;
	});
	return [INTRODUCTION, ...sections].join('\n');
}

/** True where the page on disk is the one the table gives. */
export async function errorsPageIsCurrent(): Promise<boolean> {
	const found = await readFile(PAGE, 'utf8').catch(() => '');
	return found === errorsPage();
}

async function main(check: boolean): Promise<void> {
	if (!check) {
		await writeFile(PAGE, errorsPage());
		return;
	}
	if (await errorsPageIsCurrent()) return;
	console.error('docs/errors.md is not what src/contract/errors.ts says. Run scripts/generate-errors.ts.');
	process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.includes('--check'));
