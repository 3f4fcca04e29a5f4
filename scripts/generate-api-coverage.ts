/**
 * Writes docs/api-coverage.md from the table of operations. With --check it writes nothing and fails where the page is not
 * what the table says.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ERRORS } from '../src/contract/errors.ts';
import type { OperationName } from '../src/control/operation.ts';
import { ALL_OPERATIONS, REFUSED_OPERATIONS } from '../src/control/operations.ts';

const PAGE = fileURLToPath(new URL('../docs/api-coverage.md', import.meta.url));

const INTRODUCTION = `# What the control plane serves

<!-- Generated from src/control/operations.ts by scripts/generate-api-coverage.ts. Do not edit. -->

httpfn speaks FunctionGraph's own API, so that its SDK, its Terraform provider and whatever else calls it work unchanged.
Each row below is one call; its name is that of the SDK's method. What belongs to other kinds of function is refused with
the platform's error code and a sentence that says what to do instead. The same table is served as OpenAPI 3.1, with the
schemas of all bodies, at \`/openapi.json\`.
`;

export function apiCoveragePage(): string {
	const served = ALL_OPERATIONS.map(
		(operation) => `| ${called(operation)} | ${operation.right} | ${operation.summary} |`,
	);
	const sentences = [...new Set(REFUSED_OPERATIONS.map(({ why }) => why))];
	const refused = sentences.map((why) => {
		const rows = REFUSED_OPERATIONS.filter((operation) => operation.why === why);
		const lines = rows.map((operation) => {
			const { status, wire } = ERRORS[operation.code];
			return `| ${called(operation)} | ${status} ${wire} | ${operation.summary} |`;
		});
		return `${why}.\n\n| Operation | Method | Path | Answer | What it is for |\n|---|---|---|---|---|\n${lines.join('\n')}\n`;
	});
	return [
		INTRODUCTION,
		`## Served (${served.length})\n\nRights: see [credentials](credentials.md).\n`,
		`| Operation | Method | Path | Right | What it does |\n|---|---|---|---|---|\n${served.join('\n')}\n`,
		`## Refused (${REFUSED_OPERATIONS.length})\n`,
		...refused,
	].join('\n');
}

function called({ id, method, path }: OperationName): string {
	return `\`${id}\` | ${method} | \`${path}\``;
}

async function main(check: boolean): Promise<void> {
	if (!check) {
		await writeFile(PAGE, apiCoveragePage());
		return;
	}
	const found = await readFile(PAGE, 'utf8').catch(() => '');
	if (found === apiCoveragePage()) return;
	console.error(
		'docs/api-coverage.md is not what the table of operations says. Run scripts/generate-api-coverage.ts.',
	);
	process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.includes('--check'));
