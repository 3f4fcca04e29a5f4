/** What keeps the tree readable: short files, short functions, tests that run, and nothing left over. */
import type { Node } from 'typescript/unstable/ast';
import {
	isArrowFunction,
	isConstructorDeclaration,
	isFunctionDeclaration,
	isFunctionExpression,
	isGetAccessorDeclaration,
	isMethodDeclaration,
	isSetAccessorDeclaration,
} from 'typescript/unstable/ast/is';
import { type Finding, runCheck } from './finding.ts';
import { lineAt, lineOf, listTexts, parseSources, readText, type Source, visitNodes } from './source-tree.ts';

const FILE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 70;

const IS_FUNCTION: readonly ((node: Node) => boolean)[] = [
	isArrowFunction,
	isConstructorDeclaration,
	isFunctionDeclaration,
	isFunctionExpression,
	isGetAccessorDeclaration,
	isMethodDeclaration,
	isSetAccessorDeclaration,
];

interface Banned {
	readonly pattern: RegExp;
	readonly where: RegExp;
	readonly what: string;
	readonly fix: string;
}

// Brackets keep each pattern from matching itself. The home of `snuser` is the platform's own.
const BANNED: readonly Banned[] = [
	{
		pattern: /\b(TO[D]O|FIX[M]E|X[X]X)\b/g,
		where: /./,
		what: 'holds a note to finish something',
		fix: 'finish it, or file an issue and delete the note',
	},
	{
		pattern: /\.(onl[y]|ski[p])\(/g,
		where: /\.test\.ts$/,
		what: 'leaves tests out',
		fix: 'run the test or delete it',
	},
	{
		pattern: /(?<![\w.$}])\/(wor[k]|roo[t]|home\/(?!snuser\/)\w+)\//g,
		where: /./,
		what: 'names a folder of one machine',
		fix: 'derive the path from import.meta.dirname, or make a temporary folder',
	},
];

const CODE = /^(src|test|scripts|bench)\/.*\.(ts|mjs)$/;
const FILE_NAME = /^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.(ts|mjs)$/;

export function checkTidy(root: string, sources = parseSources(root)): readonly Finding[] {
	const findings = sources.flatMap((source) => [...functionFindings(source), ...runFindings(source)]);
	for (const path of listTexts(root)) {
		const text = readText(root, path);
		findings.push(...bannedFindings(path, text));
		if (CODE.test(path)) findings.push(...fileFindings(path, text));
	}
	return findings;
}

function fileFindings(file: string, text: string): readonly Finding[] {
	const findings: Finding[] = [];
	const lines = text.trimEnd().split('\n').length;
	if (lines > FILE_LINES_MAX) {
		const message = `has ${lines} lines, wanted at most ${FILE_LINES_MAX}`;
		findings.push({ file, line: 0, message, fix: 'move one of its ideas to a file of its own' });
	}
	if (!FILE_NAME.test(file.split('/').at(-1) ?? '')) {
		const fix = 'name it in lower case with hyphens, after what it exports';
		findings.push({ file, line: 0, message: 'has a name that is not kebab-case', fix });
	}
	return findings;
}

function functionFindings(source: Source): readonly Finding[] {
	const findings: Finding[] = [];
	visitNodes(source, (node) => {
		if (!IS_FUNCTION.some((matches) => matches(node))) return;
		const line = lineOf(source, node);
		const lines = lineAt(source.text, node.end) - line + 1;
		if (lines <= FUNCTION_LINES_MAX) return;
		const name = /^[^({=]*/.exec(node.getText(source.ast))?.[0].trim() || 'a function';
		const message = `${name} has ${lines} lines, wanted at most ${FUNCTION_LINES_MAX}`;
		findings.push({
			file: source.path,
			line,
			message,
			fix: 'give its steps names and functions of their own',
		});
	});
	return findings;
}

/** uvu passes a file whose suites nobody runs. */
function runFindings({ path, text }: Source): readonly Finding[] {
	if (!path.endsWith('.test.ts')) return [];
	const declared = text.match(/\b(const|let)\s+(\w+)\s*=\s*suite\b/g)?.map((part) => part.split(/\s+/)[1]);
	const names = declared ?? ['test'];
	const idle = names.filter((name) => !new RegExp(`^\\s*${name}\\.run\\(\\);?$`, 'm').test(text));
	return idle.map((name) => ({
		file: path,
		line: 0,
		message: `never runs its suite ${name}`,
		fix: `end the file with ${name}.run();`,
	}));
}

function bannedFindings(file: string, text: string): readonly Finding[] {
	const findings: Finding[] = [];
	for (const { pattern, where, what, fix } of BANNED) {
		if (!where.test(file)) continue;
		for (const match of text.matchAll(pattern)) {
			findings.push({ file, line: lineAt(text, match.index), message: `${what}: ${match[0]}`, fix });
		}
	}
	return findings;
}

if (import.meta.main) {
	runCheck(
		`Checks that files have at most ${FILE_LINES_MAX} lines and functions ${FUNCTION_LINES_MAX}, that every test runs, and that nothing is left over.`,
		checkTidy,
	);
}
