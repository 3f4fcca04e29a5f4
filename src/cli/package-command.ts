import { createHash } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { PackageChanges } from '../catalog/packed-files.ts';
import { type CloudCode, type CloudFinding, orderedFindings } from '../cloud/finding.ts';
import { PLATFORM } from '../cloud/platform.ts';
import { RuntimeError } from '../contract/errors.ts';
import { sizeText } from '../contract/size-text.ts';
import { findStartFile } from '../process/code-folder.ts';
import { findingLines, unfitError } from './cloud-findings.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION, JSON_OPTION, ownOption, settingOptions } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { interruptible } from './interruptible.ts';
import { printResult } from './printed-as-json.ts';
import { openProgress, type Progress } from './progress.ts';
import { readSettings } from './read-settings.ts';

const OUTPUT = ownOption('--output', 'FILE', 'Package', 'The zip to make; one that is there is replaced.', {
	short: '-o',
	fallbackText: 'NAME.zip in this folder',
});

/** What no zip can be made of: forcing it is of no use. */
const IMPOSSIBLE: readonly CloudCode[] = ['FILE_UNFIT', 'UNPACKED_SIZE'];

export const packageCommand: Command = {
	name: 'package',
	summary: 'Make the zip of a function that the cloud takes.',
	usage: 'DIR [-o FILE.zip] [--force] [OPTIONS]',
	parameters: [
		{ name: 'DIR', required: true, sentence: 'Folder that holds the file bootstrap, or a fetch handler.' },
	],
	options: [
		OUTPUT,
		ownOption('--force', '', 'Package', 'Make it although something in it can not work in the cloud.'),
		...settingOptions().filter(({ field }) => field === 'name' || field === 'timeout' || field === null),
		JSON_OPTION,
		HELP_OPTION,
	],
	notes: [
		'All of the folder is packed, as httpfn deploy does it: names in order, one time for all, links within it followed. The same folder gives the same ' +
			'bytes. Bootstrap is at the root, as it has to be; for a fetch handler it is what httpfn bootstrap writes.',
		'The folder is judged as httpfn check --cloud does; what is fatal is refused, all else is told.',
	],
	examples: [
		['httpfn package ./hello', 'hello.zip, to upload in the console'],
		['httpfn package ./hello -o build/hello.zip --json', 'sizes, limits, digest and findings for a program'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage, EXIT.interrupted],
	run: makePackage,
};

async function makePackage(invocation: Invocation): Promise<ExitCode> {
	const { arguments: given, workingFolder } = invocation;
	const { codeRoot, name, timeoutSeconds } = readSettings(invocation).function;
	const output = path.resolve(workingFolder, given.options.get(OUTPUT.flag)?.[0] ?? `${name}.zip`);
	if (output.startsWith(`${codeRoot}${path.sep}`)) {
		const message = `could not write ${output}: it is in the folder that is packed, wanted a file outside of it`;
		throw new RuntimeError('ERR_PACK_FAILED', message);
	}
	const start = findStartFile(codeRoot);
	const progress = openProgress(invocation);
	const forced = given.options.has('--force');
	const made = await interruptible(async (signal) => {
		const make = (changes: PackageChanges): Promise<Made> =>
			makeZip({ codeRoot, timeoutSeconds, output, forced, changes, progress, signal });
		try {
			if (start.kind !== 'entry') return await make({});
			progress.step('bundling');
			const { withWrittenFiles } = await import('./remote/with-written-files.ts');
			return await withWrittenFiles({ codeRoot, ...start }, invocation.stderr, make);
		} finally {
			progress.end();
		}
	});
	return made === null ? EXIT.interrupted : report(invocation, made);
}

interface Wish {
	readonly codeRoot: string;
	readonly timeoutSeconds: number;
	readonly output: string;
	readonly forced: boolean;
	readonly changes: PackageChanges;
	readonly progress: Progress;
	readonly signal: AbortSignal;
}

async function makeZip(wish: Wish): Promise<Made> {
	const { codeRoot, timeoutSeconds, output, forced, changes, progress, signal } = wish;
	progress.step('judging the folder');
	// Loaded by those who need it: most commands do not.
	const { judgeFolder, packageFindings } = await import('../cloud/judge-folder.ts');
	const onProgress = (files: number) => progress.detail(`${files} files`);
	const verdict = await judgeFolder({ codeRoot, timeoutSeconds, onProgress, ...changes });
	refuseUnfit(verdict.findings, forced);
	signal.throwIfAborted();
	const bytes = await zipped(wish);
	const findings = orderedFindings([...verdict.findings, ...packageFindings(bytes.byteLength)]);
	await writeWhole(output, bytes);
	const digest = createHash('sha512').update(bytes).digest('hex');
	return { ...verdict, findings, output, digest, packageBytes: bytes.byteLength };
}

function refuseUnfit(findings: readonly CloudFinding[], forced: boolean): void {
	const standing = forced ? findings.filter(({ code }) => IMPOSSIBLE.includes(code)) : findings;
	const unfit = unfitError(standing);
	if (unfit !== null) throw unfit;
}

async function zipped({ codeRoot, changes, progress, signal }: Wish): Promise<Buffer> {
	progress.step('packing');
	const { zipFolder } = await import('../catalog/zip-folder.ts');
	const onProgress = (done: number): void => {
		signal.throwIfAborted();
		progress.detail(sizeText(done));
	};
	return zipFolder(codeRoot, { ...changes, onProgress, packageBytesMax: PLATFORM.obsBytesMax });
}

/** Nothing of it is there before all of it is. */
async function writeWhole(output: string, bytes: Buffer): Promise<void> {
	const part = `${output}.part-${process.pid}`;
	try {
		await writeFile(part, bytes);
		await rename(part, output);
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		throw new RuntimeError('ERR_PACK_FAILED', `could not write ${output}: ${code ?? message}`, {
			cause: error,
		});
	} finally {
		await rm(part, { force: true });
	}
}

interface Made {
	readonly output: string;
	readonly digest: string;
	readonly packageBytes: number;
	readonly unpackedBytes: number;
	readonly files: number;
	readonly findings: readonly CloudFinding[];
}

function report(invocation: Invocation, made: Made): ExitCode {
	const { output, digest, packageBytes, unpackedBytes, files, findings } = made;
	const { inlineBytesMax, consoleBytesMax, uploadBytesMax, obsBytesMax, unpackedBytesMax } = PLATFORM;
	const limits = { inlineBytesMax, consoleBytesMax, uploadBytesMax, obsBytesMax, unpackedBytesMax };
	const result = { file: output, digest, packageBytes, unpackedBytes, files, limits, findings };
	const [zip, unpacked] = [sizeText(packageBytes), sizeText(unpackedBytes)];
	const text =
		`${output}: ${zip}; the API takes ${sizeText(uploadBytesMax)}, the console ${sizeText(consoleBytesMax)}, object storage ` +
		`${sizeText(obsBytesMax)}\n${files} files, ${unpacked} unpacked of at most ${sizeText(unpackedBytesMax)}\nSHA-512 ${digest}\n`;
	return printResult(invocation, result, `${text}${findingLines(findings)}`);
}
