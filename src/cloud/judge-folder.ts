/** Everything that can be said beforehand of how a folder fares in the cloud. Nothing is started. */
import { Buffer } from 'node:buffer';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Found, filesOf, reading } from '../catalog/folder-files.ts';
import { type PackageChanges, packedFiles } from '../catalog/packed-files.ts';
import { RuntimeError } from '../contract/errors.ts';
import { sizeText } from '../contract/size-text.ts';
import { type ElfFile, readElfFile } from '../engine/elf-file.ts';
import { type CloudFinding, orderedFindings } from './finding.ts';
import { judgeBootstrap, namedVersion } from './judge-bootstrap.ts';
import { judgeElf } from './judge-elf.ts';
import { PLATFORM } from './platform.ts';

export interface CloudInput extends PackageChanges {
	/** Absolute path. */
	readonly codeRoot: string;
	readonly timeoutSeconds: number;
	/** Told how many files were looked at. */
	readonly onProgress?: (files: number) => void;
}

export interface CloudVerdict {
	/** The worst first. */
	readonly findings: readonly CloudFinding[];
	readonly files: number;
	readonly unpackedBytes: number;
}

type FoundFile = Extract<Found, { kind: 'file' }>;

/** Files between two turns of the event loop. */
const TURN_FILES = 256;

export async function judgeFolder(input: CloudInput): Promise<CloudVerdict> {
	const { codeRoot, timeoutSeconds, onProgress, left = [] } = input;
	const settings = timeoutFindings(timeoutSeconds);
	try {
		const [followed, kept] = [await packedFiles(codeRoot, input), await filesOf(codeRoot, 'kept', left)];
		const files = followed.filter((found) => found.kind === 'file');
		const unpackedBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
		// Who starts a folder without one is not asked here.
		const start = files.find(({ name }) => name === 'bootstrap');
		const bootstrap =
			start === undefined ? Buffer.alloc(0) : await reading(start.name, () => readFile(start.file));
		const findings = [
			...settings,
			...sizeFindings(files.length, unpackedBytes),
			...nameFindings(files),
			...linkFindings(kept),
			...judgeBootstrap(bootstrap, codeRoot),
			...pythonFindings(files, namedVersion(bootstrap, 'python')),
			...(await elfFindings(files, bootstrap, onProgress)),
		];
		return { findings: orderedFindings(findings), files: files.length, unpackedBytes };
	} catch (error) {
		// What can not be packed at all: a link out of the folder, a pipe, a name.
		if (!(error instanceof RuntimeError) || error.code !== 'ERR_CODE_INVALID') throw error;
		const unfit: CloudFinding = {
			code: 'FILE_UNFIT',
			level: 'fatal',
			place: 'folder',
			found: error.message,
			wanted: 'files and folders, and links that stay in the folder',
			who: 'author',
			grade: 'ours',
		};
		return { findings: orderedFindings([unfit, ...settings]), files: 0, unpackedBytes: 0 };
	}
}

/** Of the package itself, when its size is known. */
export function packageFindings(packageBytes: number): CloudFinding[] {
	const { uploadBytesMax, obsBytesMax } = PLATFORM;
	if (packageBytes <= uploadBytesMax) return [];
	const fatal = packageBytes > obsBytesMax;
	return [
		{
			code: 'PACKAGE_SIZE',
			level: fatal ? 'fatal' : 'warning',
			place: 'package',
			found: `a zip of ${sizeText(packageBytes)}`,
			wanted: fatal
				? `at most ${sizeText(obsBytesMax)}, from object storage (OBS)`
				: `at most ${sizeText(uploadBytesMax)} by the API; from object storage (OBS) up to ${sizeText(obsBytesMax)}`,
			who: 'builder',
			grade: 'documented',
		},
	];
}

function sizeFindings(files: number, unpackedBytes: number): CloudFinding[] {
	const findings: CloudFinding[] = [];
	const { unpackedBytesMax, filesMax } = PLATFORM;
	if (unpackedBytes > unpackedBytesMax) {
		findings.push({
			code: 'UNPACKED_SIZE',
			level: 'fatal',
			place: 'folder',
			found: `${sizeText(unpackedBytes)} of files`,
			wanted: `at most ${sizeText(unpackedBytesMax)}`,
			who: 'builder',
			grade: 'documented',
		});
	}
	if (files > filesMax) {
		findings.push({
			code: 'FILE_COUNT',
			level: 'hint',
			place: 'folder',
			found: `${files} files`,
			wanted: `at most ${filesMax}, as in a dependency package; of code the manual says nothing`,
			who: 'builder',
			grade: 'documented',
		});
	}
	return findings;
}

function nameFindings(files: readonly FoundFile[]): CloudFinding[] {
	return files
		.filter(({ name }) => name.endsWith('~'))
		.map(({ name }) => ({
			code: 'FILE_NAME',
			level: 'hint',
			place: name,
			found: 'a name that ends in ~',
			wanted: 'another, as in a dependency package; of code the manual says nothing',
			who: 'author',
			grade: 'documented',
		}));
}

function linkFindings(files: readonly Found[]): CloudFinding[] {
	const links = files.filter(({ kind }) => kind === 'link');
	const [first] = links;
	if (first === undefined) return [];
	return [
		{
			code: 'LINK',
			level: 'hint',
			place: first.name,
			found: links.length === 1 ? 'a symbolic link' : `a symbolic link, and ${links.length - 1} more`,
			wanted: 'copies in its place, which is what a package has',
			who: 'author',
			grade: 'ours',
		},
	];
}

function timeoutFindings(timeoutSeconds: number): CloudFinding[] {
	const { gatewaySecondsMax } = PLATFORM;
	if (timeoutSeconds <= gatewaySecondsMax) return [];
	return [
		{
			code: 'TIMEOUT',
			level: 'hint',
			place: 'timeout',
			found: `${timeoutSeconds} s`,
			wanted: `at most ${gatewaySecondsMax} s for what a trigger asks: its gateway waits no longer`,
			who: 'operator',
			grade: 'documented',
		},
	];
}

/** Extension modules say in their names which Python they are for. */
function pythonFindings(files: readonly FoundFile[], version: string | null): CloudFinding[] {
	const known = Object.keys(PLATFORM.interpreters).map((name) => /^python([\d.]+)\//.exec(name)?.[1]);
	return files.flatMap(({ name }): CloudFinding[] => {
		const match = /\.cpython-(\d)(\d+)[^/]*\.so$/.exec(name);
		if (match === null) return [];
		const own = `${match[1]}.${match[2]}`;
		if (version === null ? known.includes(own) : own === version) return [];
		const wanted =
			version === null
				? `one of ${known.filter((one) => one !== undefined).join(', ')}`
				: `${version}, which the bootstrap names`;
		return [
			{
				code: 'PYTHON_VERSION',
				level: 'warning',
				place: name,
				found: `a module for Python ${own}`,
				wanted,
				who: 'builder',
				grade: 'documented',
			},
		];
	});
}

async function elfFindings(
	files: readonly FoundFile[],
	bootstrap: Buffer,
	onProgress: CloudInput['onProgress'],
): Promise<CloudFinding[]> {
	const text = bootstrap.toString('utf8');
	const siblings = new Set(files.map(({ name }) => path.posix.basename(name)));
	const findings: CloudFinding[] = [];
	for (const [index, { name, file }] of files.entries()) {
		if (index % TURN_FILES === TURN_FILES - 1) {
			onProgress?.(index + 1);
			await new Promise((resolve) => setImmediate(resolve));
		}
		const elf = await reading(name, async () => elfOf(file));
		if (elf === null) continue;
		const isStarted = names(text, name);
		findings.push(...judgeElf(elf, { name, isStarted, siblings }));
	}
	return findings;
}

/** By its path in the folder, whatever stands before that: `./server`, `$RUNTIME_CODE_ROOT/bin/server`. */
function names(text: string, file: string): boolean {
	const escaped = file.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
	return new RegExp(`(?:^|[\\s/"'=])${escaped}(?:$|[\\s"';&|])`, 'm').test(text);
}

function elfOf(file: string): ElfFile | null {
	const descriptor = openSync(file, 'r');
	try {
		return readElfFile(descriptor);
	} finally {
		closeSync(descriptor);
	}
}
