/**
 * Writes docs/configuration.md, docs/command-line.md and the JSON Schemas of both config files and of benchmark records from the settings,
 * the commands and what a record is. With
 * --check it writes nothing and fails where a page is not what they say.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { benchRecordSchema } from '../src/bench/bench-record.ts';
import { loadCommands, loadSections } from '../src/cli/commands.ts';
import { allCommands } from '../src/cli/find-command.ts';
import { commandHelp, rootHelp } from '../src/cli/help-text.ts';
import type { Field } from '../src/config/field.ts';
import { FIELD_KEYS, FIELDS } from '../src/config/schema.ts';
import { serveSchema, settingSchemas } from './serve-schema.ts';

const GENERATED = 'by scripts/generate-reference.ts. Do not edit.';

const CONFIGURATION = `# Configuration

<!-- Generated from src/config/schema.ts ${GENERATED} -->

\`httpfn run\`, \`check\` and \`invoke\` take the same settings, from four places; \`httpfn serve\` reads those of
several functions [from one file](#several-functions). The first that has one wins:

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

A file may have the platform's \`"strategy_config": {"concurrency": 10, "concurrent_num": 20}\` instead of
\`concurrency\` and \`concurrentNum\`.

For completion and checks in an editor, give the path of a copy of [httpfn.schema.json](httpfn.schema.json) as \`$schema\`
in the config file.

## Several functions

\`httpfn serve\` reads one file: \`--config F\`, or else \`HTTPFN_CONFIG\`, or else \`httpfn.yaml\`, \`httpfn.yml\` or
\`httpfn.json\` in the folder where it is started. [httpfn-serve.schema.json](httpfn-serve.schema.json) describes it for
editors.

\`\`\`yaml
listen: 127.0.0.1:8080        # and isolation, logFormat, logLevel: of httpfn itself
defaults:                     # settings of all functions
  timeout: 30
functions:
  orders:
    code: ./orders            # relative to this file
    memory: 512
    strategy_config: { concurrency: 20, concurrent_num: 50 }
    env: { REGION: north }
    routes:
      - { path: /orders }                                # it and all below it
      - { path: /orders, method: POST, version: v2 }
    versions:
      v2: { code: ./orders-v2, memory: 1024 }            # what differs; instances of its own
  pages:
    code: ./pages
    routes:
      - { host: "*.example.com" }
      - { path: /health, match: exact }
\`\`\`

- A setting of a version wins over that of its function, this over \`defaults\`. Variables in \`env\` are merged name by name.
  \`listen\`, \`isolation\`, \`logFormat\` and \`logLevel\` may also come from a flag or a variable; settings of functions
  come from the file only. The \`httpfn.json\` in a function's folder is for \`httpfn run\` and is not read.
- A route has \`host\`, \`path\` (default \`/\`), \`match\` (\`prefix\`, or \`exact\`), \`method\` and \`version\`; what is left
  out matches all. An exact host wins over \`*.\`, this over none; an exact path over a prefix, the longer prefix over the
  shorter; a method over none. A function that is the only one answers everything where it has no routes.
- YAML 1.2, or JSON where the file is called \`.json\`. Anchors and aliases work, merge keys (\`<<\`) do not: that is what
  \`defaults\` is for. All mistakes are reported at once, each as \`FILE:LINE:COLUMN: KEY: …\`; \`httpfn serve --check\`
  does only that.
- The config file, the env files and the folder that \`httpfn reload\` works by are hidden from every function.

### Reload

\`httpfn reload\`, or SIGHUP to \`httpfn serve\`, reads the file again. If it has a mistake, nothing changes. A function keeps its
instances where its settings are the same, and its folder and \`bootstrap\` are the same files, unchanged in size and time.
Any other function gets new instances: new requests go there at once, those in flight have 10 s to end where they
are. To have changed code taken up, put it in a new folder, move that into place, or \`touch bootstrap\`.

\`listen\`, \`isolation\`, \`logFormat\` and \`logLevel\` can not be changed by a reload: it is refused, and says so.
A terminal that is closed sends SIGHUP too: \`serve\` goes on then, where \`run\` stops.

\`httpfn reload\` finds the process by a file in \`$XDG_RUNTIME_DIR/httpfn\`, for root in \`/run/httpfn\`, else in
\`/tmp/httpfn-UID\`, a folder that must belong to the user and be writable by nobody else. That needs \`/proc\`; elsewhere
send SIGHUP.

## One instance with direct isolation

With \`isolation\` \`direct\` all instances would share this host's 127.0.0.1:8000, so there is one instance, of one
function. It works on up to 1000 requests at once, unless \`concurrentNum\` says otherwise; with \`namespace\` the
platform's default of 1 holds. The log says which when it begins to listen.
`;

const COMMAND_LINE = `# Command line

<!-- Generated from src/cli/commands.ts ${GENERATED} -->

The pages that \`httpfn help\` prints. Results go to stdout; the log and errors go to stderr. An error is one line
\`httpfn: CODE: message\` and one that says what to do, or with \`--json\` one JSON object \`{code, message, help, mistakes?, server?}\`; the
codes are listed in [errors.md](errors.md), the settings in [configuration.md](configuration.md).
`;

export async function referencePages(): Promise<ReadonlyMap<string, string>> {
	return new Map([
		['configuration.md', configurationPage()],
		['command-line.md', await commandLinePage()],
		['httpfn.schema.json', `${JSON.stringify(configSchema(), null, '\t')}\n`],
		['httpfn-serve.schema.json', `${JSON.stringify(serveSchema(), null, '\t')}\n`],
		['bench-record.schema.json', `${JSON.stringify(benchRecordSchema(), null, '\t')}\n`],
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

async function commandLinePage(): Promise<string> {
	const pages = allCommands(await loadCommands()).map(
		(command) => `## httpfn ${command.name}\n\n\`\`\`\n${commandHelp(command)}\`\`\`\n`,
	);
	return [COMMAND_LINE, `\`\`\`\n${rootHelp(await loadSections())}\`\`\`\n`, ...pages].join('\n');
}

/** JSON Schema of the config file of one function. */
function configSchema(): unknown {
	return {
		$schema: 'https://json-schema.org/draft/2020-12/schema',
		title: 'httpfn.json',
		description: 'Settings of one function for httpfn run, check and invoke.',
		type: 'object',
		properties: { $schema: { type: 'string' }, ...settingSchemas() },
		additionalProperties: false,
	};
}

async function main(check: boolean): Promise<void> {
	for (const [name, page] of await referencePages()) {
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
