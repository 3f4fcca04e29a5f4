/** `npm run bench -- compare REF`: what the working tree does to the figures of a commit, branch or tag. Both are built, and run in turn. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DIST, ROOT, runProgram } from '../scripts/repository.ts';

const HELP = `npm run bench -- compare REF [options]

Builds REF, a commit, branch or tag, in a folder of its own, and the working tree in place. Measures both builds with httpfn bench, round by
round in turn; then the code suites of both. Exits with 1 where the working tree is slower beyond the noise.

  --code-rounds N   rounds of the code suites; default 9; 0 leaves them out
  --help
  Every other option is one of httpfn bench: --rounds, --seconds, --only, --max-regression, --json FILE, --report FILE.

Examples
  npm run bench -- compare main
  npm run bench -- compare v0.1.0 --only warm/plain --report report.html
`;

/** What the tree of REF gets from this one: the same cases have to time both. */
const OURS = ['bench', 'src/bench'];
/** Of the options of httpfn bench, those that mean the same to the code suites. */
const SHARED = ['--max-regression'];

type Say = (line: string) => void;

/** @returns the exit code. Throws a TypeError for a REF that is none. */
export function benchCompare(args: readonly string[], print: Say, report: Say): number {
	const [ref, ...rest] = args;
	if (ref === undefined || args.includes('--help')) {
		print(HELP.trimEnd());
		return ref === undefined ? 2 : 0;
	}
	const commit = commitNamed(ref);
	const { codeRounds, passed } = splitOptions(rest);
	const folder = mkdtempSync(join(tmpdir(), 'httpfn-compare-'));
	try {
		const tree = join(folder, 'tree');
		report(`building ${ref} (${commit.slice(0, 12)})`);
		checkOut(commit, tree);
		runProgram([process.execPath, join(tree, 'scripts/build.ts')], { cwd: tree });
		report('building the working tree');
		runProgram([process.execPath, join(ROOT, 'scripts/build.ts')]);
		const before = join(tree, 'dist/httpfn');
		const product = shown([join(DIST, 'httpfn'), 'bench', '--against', before, ...passed], process.cwd());
		const code = codeRounds === 0 ? 0 : compareCode(tree, folder, codeRounds, rest, report);
		return Math.max(product, code);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function commitNamed(ref: string): string {
	const argv = ['-C', ROOT, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
	const done = spawnSync('git', argv, { encoding: 'utf8' });
	if (done.status === 0) return done.stdout.trim();
	throw new TypeError(`REF is ${JSON.stringify(ref)}, wanted a commit, branch or tag of this repository`);
}

function splitOptions(args: readonly string[]): { codeRounds: number; passed: readonly string[] } {
	const at = args.indexOf('--code-rounds');
	if (at < 0) return { codeRounds: 9, passed: args };
	const text = args[at + 1] ?? '';
	if (!/^\d{1,3}$/.test(text))
		throw new TypeError(`--code-rounds is ${JSON.stringify(text)}, wanted a whole number`);
	return { codeRounds: Number(text), passed: args.toSpliced(at, 2) };
}

function checkOut(commit: string, tree: string): void {
	runProgram(['git', 'clone', '--quiet', '--shared', '--no-checkout', ROOT, tree]);
	runProgram(['git', '-C', tree, 'checkout', '--quiet', '--detach', commit]);
	const lock = 'package-lock.json';
	const same = readFileSync(join(tree, lock), 'utf8') === readFileSync(join(ROOT, lock), 'utf8');
	if (same && isLinked(join(ROOT, 'node_modules'), join(tree, 'node_modules'))) return;
	runProgram(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: tree });
}

/** A folder with the same files, which costs no room; false where it would be on another file system. */
function isLinked(from: string, to: string): boolean {
	if (spawnSync('cp', ['-al', from, to]).status === 0) return true;
	rmSync(to, { recursive: true, force: true });
	return false;
}

/** The code suites of the working tree, over its code and over that of REF, whose machine speed is told by the reference work. */
function compareCode(
	tree: string,
	folder: string,
	rounds: number,
	given: readonly string[],
	report: Say,
): number {
	if (!existsSync(join(tree, 'src/http1'))) {
		report('the code suites are left out: REF has none of the code that they time');
		return 0;
	}
	for (const part of OURS) cpSync(join(ROOT, part), join(tree, part), { recursive: true });
	const file = join(folder, 'code.json');
	const suites = (home: string, more: readonly string[]): number =>
		shown([process.execPath, join(home, 'bench/main.ts'), 'code', '--rounds', `${rounds}`, ...more], home);
	report(`code suites of REF, ${rounds} rounds`);
	if (suites(tree, ['--save', file]) !== 0) {
		report('the code suites are left out: REF has other code than they time');
		return 0;
	}
	report(`code suites of the working tree, ${rounds} rounds`);
	const shared = SHARED.flatMap((name) => {
		const at = given.indexOf(name);
		return at < 0 ? [] : [name, given[at + 1] ?? ''];
	});
	return suites(ROOT, ['--compare', file, ...shared]);
}

/** Runs a program whose output is for whoever reads this; answers its exit code. */
function shown([program = '', ...args]: readonly string[], cwd: string): number {
	const done = spawnSync(program, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
	if (done.error !== undefined) throw done.error;
	return done.status ?? 1;
}
