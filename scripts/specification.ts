/** SPECIFICATION.md and the tests name each other: no clause without a test, no test without a clause. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Node } from 'typescript/unstable/ast';
import {
	isCallExpression,
	isIdentifier,
	isNoSubstitutionTemplateLiteral,
	isStringLiteral,
	isTemplateExpression,
} from 'typescript/unstable/ast/is';
import { type Finding, runCheck } from './finding.ts';
import { lineOf, parseSources, readText, type Source, visitNodes } from './source-tree.ts';

const FILE = 'SPECIFICATION.md';
const CLAUSE = /^- \*\*([A-Z]+-\d+)\*\* \((documented|observed|ours)\) \S.* \[(test\/[\w./-]+\.test\.ts)\]$/;
const WANTED = '- **C-7** (documented|observed|ours) Sentences. [test/path.test.ts]';

interface Clause {
	readonly id: string;
	readonly line: number;
	/** The file that proves it. */
	readonly test: string;
}

interface Title {
	/** Null when the title does not begin with one. */
	readonly id: string | null;
	readonly text: string;
	readonly file: string;
	readonly line: number;
}

export function checkSpecification(root: string, sources = parseSources(root)): readonly Finding[] {
	if (!existsSync(join(root, FILE))) {
		return [{ file: FILE, line: 0, message: 'is missing', fix: `write it, one clause a line: ${WANTED}` }];
	}
	const findings: Finding[] = [];
	const clauses = readClauses(readText(root, FILE), findings);
	const tests = sources.filter(({ path }) => path.startsWith('test/') && path.endsWith('.test.ts'));
	const titles = tests.flatMap(titlesOf);
	const ids = new Set(clauses.map(({ id }) => id));
	for (const clause of clauses) findings.push(...proofFindings(clause, tests, titles));
	for (const { id, text, file, line } of titles) {
		if (id === null) {
			const message = `the title ${JSON.stringify(text)} begins with no clause`;
			findings.push({ file, line, message, fix: `begin it with the clause it proves: 'C-7: …'` });
		} else if (!ids.has(id)) {
			const message = `the test names ${id}, which ${FILE} does not have`;
			findings.push({ file, line, message, fix: `add the clause: - **${id}** (ours) … [${file}]` });
		}
	}
	return findings;
}

function readClauses(text: string, findings: Finding[]): readonly Clause[] {
	const clauses: Clause[] = [];
	const lines = text.split('\n');
	for (const [index, first] of lines.entries()) {
		if (!first.startsWith('- **')) continue;
		const line = index + 1;
		const [, id, , test] = CLAUSE.exec(joined(lines, index)) ?? [];
		if (id === undefined || test === undefined) {
			findings.push({
				file: FILE,
				line,
				message: `is not a clause: ${first.slice(0, 60)}`,
				fix: `write it as ${WANTED}`,
			});
			continue;
		}
		const twin = clauses.find((clause) => clause.id === id);
		if (twin !== undefined) {
			const message = `${id} is on line ${twin.line} too`;
			findings.push({ file: FILE, line, message, fix: 'give one of them the next free number' });
		}
		clauses.push({ id, line, test });
	}
	return clauses;
}

/** A bullet with its continuation lines, which are indented, on one line. */
function joined(lines: readonly string[], at: number): string {
	let text = lines[at] ?? '';
	for (const next of lines.slice(at + 1)) {
		if (!/^\s+\S/.test(next)) break;
		text += ` ${next.trim()}`;
	}
	return text.trimEnd();
}

function proofFindings(
	clause: Clause,
	tests: readonly Source[],
	titles: readonly Title[],
): readonly Finding[] {
	const { id, line, test } = clause;
	if (!tests.some(({ path }) => path === test)) {
		const proof = titles.find((title) => title.id === id)?.file;
		const fix = proof === undefined ? `write that file with a test '${id}: …'` : `cite ${proof}`;
		return [{ file: FILE, line, message: `${id} cites ${test}, which does not exist`, fix }];
	}
	if (titles.some((title) => title.id === id && title.file === test)) return [];
	const fix = `add a test '${id}: …' there, or cite the file that has one`;
	return [{ file: FILE, line, message: `${id} cites ${test}, where no test title begins with ${id}:`, fix }];
}

/** The first arguments of the calls of a suite of this file. */
function titlesOf(source: Source): readonly Title[] {
	const suites = new Set(
		[...source.text.matchAll(/\b(?:const|let)\s+(\w+)\s*=\s*suite\b/g)].map((match) => match[1]),
	);
	if (suites.size === 0) suites.add('test');
	const titles: Title[] = [];
	visitNodes(source, (node) => {
		if (!isCallExpression(node) || !isIdentifier(node.expression) || !suites.has(node.expression.text))
			return;
		const title = node.arguments[0];
		if (title === undefined || node.arguments.length < 2) return;
		const text = literalStart(title) ?? title.getText(source.ast);
		const id = /^([A-Z]+-\d+): /.exec(literalStart(title) ?? '')?.[1] ?? null;
		titles.push({ id, text, file: source.path, line: lineOf(source, node) });
	});
	return titles;
}

/** The text of a literal; of a template with values in it, the part before the first. */
function literalStart(node: Node): string | null {
	if (isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node)) return node.text;
	if (isTemplateExpression(node)) return node.head.text;
	return null;
}

if (import.meta.main) {
	runCheck(`Checks that every clause of ${FILE} has a test, and every test a clause.`, checkSpecification);
}
