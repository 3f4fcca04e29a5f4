/**
 * Writes src/library/runtime-options.ts, the type of the options of `createRuntime`, from the settings. It stands alone so that the
 * declarations of the npm package need no other. With --check it writes nothing and fails where the file is not what the settings say.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Field } from '../src/config/field.ts';
import { OPTION_KEYS } from '../src/config/given-options.ts';
import { FIELDS } from '../src/config/schema.ts';
import { ROOT, runProgram } from './repository.ts';
import { settingSchemas } from './serve-schema.ts';

const PATH = join(ROOT, 'src/library/runtime-options.ts');
const BIOME = join(ROOT, 'node_modules/@biomejs/cli-linux-x64/biome');
const WIDTH = 110;

interface Schema {
	readonly type?: string | readonly string[];
	readonly enum?: readonly unknown[];
	readonly const?: unknown;
	readonly anyOf?: readonly Schema[];
	readonly oneOf?: readonly Schema[];
	readonly items?: Schema;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly required?: readonly string[];
	readonly additionalProperties?: Schema | boolean;
}

function libraryOptions(): string {
	const schemas = settingSchemas();
	const members = OPTION_KEYS.map((key) => {
		const { wanted, fallbackText, kind } = FIELDS[key] as Field;
		const sentence = sentenceOf(key);
		const fallback = kind === 'boolean' ? 'false' : fallbackText;
		const comment = comments([sentence, `Wanted: ${wanted}. Default: ${fallback}.`]);
		return `${comment}\treadonly ${key}?: ${typeText(schemas[key] ?? {}, 1)} | undefined;\n`;
	});
	return `/** Generated from src/config/schema.ts by scripts/generate-library-options.ts. Do not edit. */
import type { RuntimeListeners } from './runtime.ts';

/** What a runtime is made from: the settings of \`httpfn run\` by their names in its config file. Relative paths are relative to the working folder. */
export interface RuntimeOptions {
	/** The folder that holds \`bootstrap\`. An httpfn.json in it is read: what is given here wins over it. */
	readonly folder: string | URL;
	/** The config file that is read instead of httpfn.json in the folder. */
	readonly config?: string | URL | undefined;
	/** Listeners from the beginning; \`Runtime.on\` adds more. */
	readonly on?: RuntimeListeners | undefined;
${members.join('')}}
`;
}

/** What is said of flags and variables is not for a program. */
function sentenceOf(key: (typeof OPTION_KEYS)[number]): string {
	const { sentence, secret } = FIELDS[key];
	if (key === 'env') return 'Variables of the function, merged name by name with those of the config file.';
	if (key === 'envFile') return 'File of K=V lines: more variables of the function. `env` wins over it.';
	return secret ? sentence.replace(/; .*/, '.') : sentence;
}

function comments(sentences: readonly string[]): string {
	const text = sentences.join(' ').replaceAll('*/', '*\\/');
	const words = text.split(' ');
	const lines = [''];
	for (const word of words) {
		const line = lines.at(-1) ?? '';
		if (line.length + word.length + 1 > WIDTH) lines.push(word);
		else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
	}
	return `\t/**\n${lines.map((line) => `\t * ${line}\n`).join('')}\t */\n`;
}

/** Of what JSON Schema says of a setting. Throws where it says what no setting has said so far. */
function typeText(schema: Schema, depth: number): string {
	const { anyOf, oneOf } = schema;
	const forms = anyOf ?? oneOf;
	if (forms !== undefined) return [...new Set(forms.map((form) => typeText(form, depth)))].join(' | ');
	if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ');
	if (schema.const !== undefined) return literal(schema.const);
	const { type } = schema;
	if (typeof type === 'object') return type.map((one) => typeText({ type: one }, depth)).join(' | ');
	switch (type) {
		case 'string':
		case 'boolean':
		case 'null':
			return type;
		case 'integer':
		case 'number':
			return 'number';
		case 'array': {
			const item = typeText(schema.items ?? {}, depth);
			return /[|{]/.test(item) ? `ReadonlyArray<${item}>` : `readonly ${item}[]`;
		}
		case 'object':
			return objectText(schema, depth);
		default:
			throw new Error(`a setting has a schema that is no type here: ${JSON.stringify(schema)}`);
	}
}

function objectText(schema: Schema, depth: number): string {
	const { properties, additionalProperties, required = [] } = schema;
	if (properties === undefined) {
		const values = typeof additionalProperties === 'object' ? additionalProperties : {};
		return `Readonly<Record<string, ${typeText(values, depth)}>>`;
	}
	const tabs = '\t'.repeat(depth);
	const members = Object.entries(properties).map(([name, value]) => {
		const type = typeText(value, depth + 1);
		return `${tabs}\treadonly ${name}${required.includes(name) ? `: ${type}` : `?: ${type} | undefined`};\n`;
	});
	return `{\n${members.join('')}${tabs}}`;
}

function literal(value: unknown): string {
	return typeof value === 'string' ? `'${value}'` : String(value);
}

const wanted = runProgram([BIOME, 'format', `--stdin-file-path=${PATH}`], {
	input: libraryOptions(),
	stdio: 'pipe',
});
if (!process.argv.includes('--check')) {
	await writeFile(PATH, wanted);
} else if ((await readFile(PATH, 'utf8').catch(() => '')) !== wanted) {
	console.error('src/library/runtime-options.ts is not what the settings say.');
	process.exitCode = 1;
}
