/**
 * Writes docs/configuration.md, docs/httpfn.schema.json and docs/command-line.md from the settings and the commands. With
 * --check it writes nothing and fails where a page is not what they say.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { COMMANDS } from '../src/cli/commands.ts';
import { commandHelp, rootHelp } from '../src/cli/help-text.ts';
import type { Field } from '../src/config/field.ts';
import { FIELD_KEYS, FIELDS, settingsSchema } from '../src/config/schema.ts';

const GENERATED = 'by scripts/generate-reference.ts. Do not edit.';

const CONFIGURATION = `# Configuration

<!-- Generated from src/config/schema.ts ${GENERATED} -->

\`httpfn run\`, \`check\` and \`invoke\` take the same settings, from four places. The first that has one wins:

1. a flag: \`--init-timeout 20\` or \`--init-timeout=20\`; a switch is \`--stream\` or \`--no-stream\`;
2. a variable: \`HTTPFN_INIT_TIMEOUT=20\`;
3. the config file: \`{ "initTimeout": 20 }\` in \`httpfn.json\` in the function's folder, or in the file that
   \`--config F\` or \`HTTPFN_CONFIG\` names;
4. the default.

A value that is malformed, a name that is unknown and a flag that is given twice are errors. All of them are reported
at once, each with its place, what was found and what was wanted:

\`\`\`
httpfn: ERR_CONFIG_INVALID: 2 mistakes
  HTTPFN_MEMORY: found 100, wanted one of 128, 256, 512, 768, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 8192, 10240
  httpfn.json: memroy: unknown key; nearest is memory
\`\`\`

Variables of the function are merged name by name, the later winning: \`env\` of the config file, the file that \`envFile\`
names, \`HTTPFN_ENV\` (a JSON object), each \`--env\`. A relative path in the config file is relative to that file.
An env file has lines K=V, comments that begin with \`#\`, 'single quotes' that keep everything and "double quotes"
with \\n, \\r, \\t, \\", \\\\ and \\$; nothing in it is expanded.

For completion and checks in an editor, give the path of a copy of [httpfn.schema.json](httpfn.schema.json) as \`$schema\`
in the config file.
`;

const COMMAND_LINE = `# Command line

<!-- Generated from src/cli/commands.ts ${GENERATED} -->

The pages that \`httpfn help\` prints. Results go to stdout; the log and errors go to stderr. An error is one line
\`httpfn: CODE: message\` and one that says what to do, or with \`--json\` one JSON object \`{code, message, help, mistakes?}\`; the
codes are listed in [errors.md](errors.md), the settings in [configuration.md](configuration.md).
`;

export function referencePages(): ReadonlyMap<string, string> {
	return new Map([
		['configuration.md', configurationPage()],
		['command-line.md', commandLinePage()],
		['httpfn.schema.json', `${JSON.stringify(configSchema(), null, '\t')}\n`],
	]);
}

function configurationPage(): string {
	const fields = FIELD_KEYS.map((key) => [key, FIELDS[key] as Field] as const);
	const sections = [...new Set(fields.map(([, field]) => field.group))].map((group) => {
		const members = fields.filter(([, field]) => field.group === group);
		return `## ${group}\n\n${members.map(([key, field]) => fieldText(key, field)).join('\n')}`;
	});
	return [CONFIGURATION, ...sections].join('\n');
}

function fieldText(key: string, field: Field): string {
	const places = [field.flag, field.variable, `"${key}"`].filter((place) => place !== null);
	const fallback = field.kind === 'boolean' ? 'false' : field.fallbackText;
	return [
		`### ${key}`,
		'',
		field.sentence,
		'',
		`- Places: ${places.map((place) => `\`${place}\``).join(', ')}`,
		`- Wanted: ${field.wanted}`,
		`- Default: ${fallback}`,
		...(field.secret ? [] : [`- Example: \`${example(key, field)}\``]),
		'',
	].join('\n');
}

function example(key: string, field: Field): string {
	if (field.kind === 'boolean') return `${field.flag}`;
	return field.flag === null ? `"${key}": ${field.example}` : `${field.flag} ${field.example}`;
}

function commandLinePage(): string {
	const pages = COMMANDS.map(
		(command) => `## httpfn ${command.name}\n\n\`\`\`\n${commandHelp(command)}\`\`\`\n`,
	);
	return [COMMAND_LINE, `\`\`\`\n${rootHelp(COMMANDS)}\`\`\`\n`, ...pages].join('\n');
}

/** JSON Schema of the config file, with the sentences of the table. */
function configSchema(): unknown {
	const { properties, additionalProperties } = z.toJSONSchema(settingsSchema());
	const described = FIELD_KEYS.map((key) => {
		const { sentence, fallback } = FIELDS[key] as Field;
		const rule = properties?.[key];
		const base = typeof rule === 'object' ? rule : {};
		return [
			key,
			{ description: sentence, ...base, ...(fallback === undefined ? {} : { default: fallback }) },
		];
	});
	return {
		$schema: 'https://json-schema.org/draft/2020-12/schema',
		title: 'httpfn.json',
		description: 'Settings of one function for httpfn run, check and invoke.',
		type: 'object',
		properties: { $schema: { type: 'string' }, ...Object.fromEntries(described) },
		additionalProperties,
	};
}

async function main(check: boolean): Promise<void> {
	for (const [name, page] of referencePages()) {
		const path = fileURLToPath(new URL(`../docs/${name}`, import.meta.url));
		if (!check) {
			await writeFile(path, page);
		} else if ((await readFile(path, 'utf8').catch(() => '')) !== page) {
			console.error(`docs/${name} is not what the code says. Run scripts/generate-reference.ts.`);
			process.exitCode = 1;
		}
	}
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.includes('--check'));
