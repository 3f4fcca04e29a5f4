/** One violation of a rule of this repository, and what to do about it. */
import { resolve } from 'node:path';
import { ROOT } from './repository.ts';

export interface Finding {
	/** Relative to the repository. */
	readonly file: string;
	/** Counted from 1; 0 where the file as a whole is meant. */
	readonly line: number;
	readonly message: string;
	readonly fix: string;
}

export function findingText({ file, line, message, fix }: Finding): string {
	return `${file}${line > 0 ? `:${line}` : ''}: ${message}\n  fix: ${fix}`;
}

/** A check as a program of its own: `node FILE [FOLDER] [--help]`, exit 1 when anything was found. */
export function runCheck(help: string, check: (root: string) => readonly Finding[]): void {
	const [argument = ROOT, ...surplus] = process.argv.slice(2);
	if (argument === '--help' || surplus.length > 0 || argument.startsWith('-')) {
		console.log(`${help}\nOne argument at most: the folder to check instead of this repository.`);
		process.exitCode = argument === '--help' ? 0 : 2;
		return;
	}
	const findings = check(resolve(argument));
	for (const finding of findings) console.log(findingText(finding));
	console.log(`${findings.length} found`);
	process.exitCode = findings.length === 0 ? 0 : 1;
}
