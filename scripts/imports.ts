/** What a source file imports, statically or by a call with a literal. */
import type { Node } from 'typescript/unstable/ast';
import {
	isCallExpression,
	isExportDeclaration,
	isImportDeclaration,
	isImportExpression,
	isNoSubstitutionTemplateLiteral,
	isStringLiteral,
} from 'typescript/unstable/ast/is';
import { lineOf, type Source, visitNodes } from './source-tree.ts';

export interface Import {
	readonly specifier: string;
	readonly line: number;
	/** Gone when the types are stripped. */
	readonly typeOnly: boolean;
	/** The statement as written. */
	readonly text: string;
	/** `export … from`. */
	readonly reexport: boolean;
}

export function importsOf(source: Source): readonly Import[] {
	const found: Import[] = [];
	visitNodes(source, (node) => {
		const reexport = isExportDeclaration(node);
		let specifier: unknown;
		if (isImportDeclaration(node) || reexport) specifier = node.moduleSpecifier;
		else if (isCallExpression(node) && isImportExpression(node.expression)) specifier = node.arguments[0];
		if (typeof specifier !== 'object' || specifier === null) return;
		const literal = specifier as Node;
		if (!isStringLiteral(literal) && !isNoSubstitutionTemplateLiteral(literal)) return;
		const text = node.getText(source.ast);
		const typeOnly = /^(import|export)\s+type\b/.test(text);
		found.push({ specifier: literal.text, line: lineOf(source, node), typeOnly, text, reexport });
	});
	return found;
}
