import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError, type Mistake, usageMistake } from '../../config/config-error.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { sizeText } from '../../contract/size-text.ts';
import { packageSigner } from '../../packed/package-key.ts';
import type { WrittenPackage } from '../../packed/write-package.ts';
import type { Command, Invocation } from '../command.ts';
import { HELP_OPTION, JSON_OPTION, ownOption } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { interruptible } from '../interruptible.ts';
import { printable } from '../printable.ts';
import { printResult } from '../printed-as-json.ts';
import { openProgress } from '../progress.ts';
import { findRuntime, TARGETS } from './find-runtime.ts';
import { printPackageInfo } from './info-command.ts';

const OUTPUT = ownOption('--output', 'FILE', 'Package', 'The file to make; one that is there is replaced.', {
	short: '-o',
});

export const packCommand: Command = {
	name: 'pack',
	summary: 'Make one executable of httpfn and what it shall serve.',
	usage: 'DIR -o FILE [OPTIONS]',
	parameters: [
		{
			name: 'DIR',
			required: false,
			sentence: 'Folder of the function. With --config and without DIR: the functions of a config file.',
		},
	],
	options: [
		OUTPUT,
		ownOption(
			'--config',
			'F',
			'Package',
			'With DIR, its config file instead of httpfn.json in it; else the file of httpfn serve.',
		),
		ownOption('--sign', 'KEY', 'Package', 'Sign with this private key: Ed25519 in PEM, as openssl makes it.'),
		ownOption('--target', 'T', 'Runtime', 'For another machine.', {
			choices: TARGETS,
			fallbackText: 'this machine',
		}),
		ownOption('--runtime', 'FILE', 'Runtime', 'The executable of httpfn to use.', {
			fallbackText: 'this one; for another machine, the one beside it or in dist/',
		}),
		ownOption('--info', 'FILE', 'Other', 'Tell what is in a packed file, of any machine; pack nothing.'),
		JSON_OPTION,
		HELP_OPTION,
	],
	notes: [
		'FILE serves what is packed into it when it is started without arguments; FILE --help says more. The same folder and the same httpfn give the ' +
			'same bytes. All of the folder is packed; links stay links, one that leads out of it is refused. Settings are judged as httpfn run does.',
		'A machine runs nothing but what its keys have signed where /etc/httpfn/trusted.pub, HTTPFN_TRUSTED_KEY or --trusted-key names public keys. ' +
			'A file can not vouch for its own runtime: httpfn run-packed FILE has the httpfn of the machine judge it and run it.',
		'Keys: openssl genpkey -algorithm ed25519 -out KEY.pem; openssl pkey -in KEY.pem -pubout -out trusted.pub',
	],
	examples: [
		['httpfn pack ./hello -o hello', 'then ./hello serves it'],
		['httpfn pack ./hello -o hello --target linux-arm64', 'for another machine'],
		['httpfn pack --config httpfn.yaml -o server', 'several functions'],
		['httpfn pack ./hello -o hello --sign KEY.pem', 'signed'],
		['httpfn pack --info hello --json', 'what is in it, for a program'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage, EXIT.interrupted],
	run: pack,
};

async function pack(invocation: Invocation): Promise<ExitCode> {
	const { arguments: given, workingFolder } = invocation;
	const option = (flag: string): string | null => given.options.get(flag)?.[0] ?? null;
	const packed = option('--info');
	if (packed !== null) return printPackageInfo(path.resolve(workingFolder, packed), invocation);
	const output = option(OUTPUT.flag);
	const mistakes = judge(invocation);
	if (output === null || mistakes.length > 0) throw new ConfigError(mistakes);
	const progress = openProgress(invocation);
	const written = await interruptible(async (signal) => {
		try {
			progress.step('reading the runtime');
			const runtime = await findRuntime({
				file: option('--runtime'),
				target: option('--target'),
				workingFolder,
			});
			// Loaded by those who need it: they bring the zip library.
			const { planPackage } = await import('./plan-package.ts');
			const { writePackage } = await import('../../packed/write-package.ts');
			const plan = await planPackage({
				folder: given.parameters[0] ?? null,
				configPath: option('--config'),
				workingFolder,
				output: path.resolve(workingFolder, output),
			});
			if (plan.warnings !== '') invocation.stderr.writeText(`${printable(plan.warnings)}\n`);
			const keyFile = option('--sign');
			progress.step('packing');
			return await writePackage({
				...plan,
				runtime,
				sign: keyFile === null ? null : packageSigner(readKey(path.resolve(workingFolder, keyFile)), keyFile),
				output: path.resolve(workingFolder, output),
				signal,
				onProgress: (bytes) => progress.detail(sizeText(bytes)),
			});
		} finally {
			progress.end();
		}
	});
	return written === null ? EXIT.interrupted : printWritten(invocation, output, written);
}

function judge({ arguments: given }: Invocation): Mistake[] {
	const mistakes = [...given.mistakes];
	if (!given.options.has(OUTPUT.flag)) mistakes.push(usageMistake('-o', 'missing, wanted the file to make'));
	if (given.parameters.length === 0 && !given.options.has('--config')) {
		mistakes.push(usageMistake('DIR', 'missing, wanted: httpfn pack DIR -o FILE, or --config F'));
	}
	return mistakes;
}

function readKey(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		const failed = `could not read the key ${JSON.stringify(file)}: ${code ?? message}`;
		throw new RuntimeError('ERR_PACK_FAILED', failed, { cause: error });
	}
}

function printWritten(
	invocation: Invocation,
	output: string,
	{ bytes, trailer, manifest }: WrittenPackage,
): ExitCode {
	const { name, functions, items, runtime } = manifest;
	const signedBy = trailer.signature?.publicKey.toString('hex') ?? null;
	const result = {
		file: output,
		bytes,
		name,
		functions: functions.map((one) => one.name),
		files: items.length,
		digest: trailer.manifest.sha256.toString('hex'),
		runtime: { ...runtime, bytes: trailer.runtime.bytes, sha256: trailer.runtime.sha256.toString('hex') },
		payloadBytes: trailer.payload.bytes,
		signedBy,
	};
	const text =
		`${output}: ${sizeText(bytes)}, of which ${sizeText(trailer.payload.bytes)} for ${items.length} files of ` +
		`${result.functions.join(', ')}; for ${runtime.target}${signedBy === null ? '' : `; signed by ${signedBy}`}\n`;
	return printResult(invocation, result, text);
}
