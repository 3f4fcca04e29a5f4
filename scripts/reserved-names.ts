/** Names that only some folders of src/ may use. */
import { isIdentifier, isPropertyAccessExpression } from 'typescript/unstable/ast/is';
import type { Finding } from './finding.ts';
import { importsOf } from './imports.ts';
import { lineOf, type Source, visitNodes } from './source-tree.ts';

interface Reservation {
	/** `a.b` is a property access, `a` any identifier. */
	readonly name: string;
	readonly folder: string;
	readonly what: string;
	readonly fix: string;
}

const ENGINE = { folder: 'engine', what: 'names an engine', fix: 'call a function of src/engine' };
const ENVIRONMENT = {
	folder: 'config',
	what: 'reads the environment',
	fix: 'take the value as a setting, or the variables as a parameter',
};
const OUTPUT = {
	folder: 'cli',
	what: 'writes to standard output',
	fix: 'write a log record, or return the text to the command',
};
const EXIT = {
	folder: 'cli',
	what: 'ends the process',
	fix: 'throw a RuntimeError, or resolve a promise that the command waits for',
};

const RESERVED: readonly Reservation[] = [
	{ name: 'Bun', ...ENGINE },
	{ name: 'Deno', ...ENGINE },
	{ name: 'versions.bun', ...ENGINE },
	{ name: 'versions.deno', ...ENGINE },
	{ name: 'process.env', ...ENVIRONMENT },
	{ name: 'process.stdout', ...OUTPUT },
	{ name: 'console', ...OUTPUT },
	{ name: 'process.exit', ...EXIT },
	{ name: 'process.exitCode', ...EXIT },
	{ name: 'process.abort', ...EXIT },
];

/** Every use of a reserved name outside the folder it is reserved for. */
export function namesFindings(source: Source): readonly Finding[] {
	const folder = source.path.split('/')[1];
	const findings: Finding[] = [];
	const add = (name: string, line: number): void => {
		const rule = RESERVED.find((candidate) => candidate.name === name);
		if (rule === undefined || rule.folder === folder) return;
		const message = `names ${name}, and only ${rule.folder}/ ${rule.what}`;
		findings.push({ file: source.path, line, message, fix: rule.fix });
	};
	visitNodes(source, (node) => {
		if (isIdentifier(node)) add(node.text, lineOf(source, node));
		if (!isPropertyAccessExpression(node)) return;
		const owner = node.expression.getText(source.ast).split('.').at(-1);
		add(`${owner}.${node.name.text}`, lineOf(source, node));
	});
	for (const item of importsOf(source)) {
		const names = item.specifier === 'node:process' ? /\{([^}]*)\}/.exec(item.text)?.[1] : undefined;
		for (const name of names?.split(',') ?? []) add(`process.${name.trim().split(/\s/)[0]}`, item.line);
	}
	return findings;
}
