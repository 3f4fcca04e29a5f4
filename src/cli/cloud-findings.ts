import { type CloudFinding, findingText } from '../cloud/finding.ts';
import { RuntimeError } from '../contract/errors.ts';
import { printable } from './printable.ts';

/** A line for each, below a heading; nothing where there is none. */
export function findingLines(findings: readonly CloudFinding[]): string {
	if (findings.length === 0) return '';
	const lines = findings.map((finding) => `  ${printable(findingText(finding))}\n`);
	return `In the cloud:\n${lines.join('')}`;
}

/** Null where nothing is fatal. */
export function unfitError(findings: readonly CloudFinding[]): RuntimeError | null {
	const fatal = findings.filter(({ level }) => level === 'fatal');
	if (fatal.length === 0) return null;
	const lines = fatal.map(findingText);
	const text = lines.length === 1 ? lines.join('') : `${lines.length} reasons\n  ${lines.join('\n  ')}`;
	return new RuntimeError('ERR_CLOUD_UNFIT', `the function can not work in the cloud: ${text}`);
}
