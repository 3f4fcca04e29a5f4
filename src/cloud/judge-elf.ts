/** What an ELF file needs, and the platform has not. */
import type { ElfFile } from '../engine/elf-file.ts';
import type { CloudFinding } from './finding.ts';
import { COMMON_LIBRARIES, PLATFORM } from './platform.ts';

export interface ElfPlace {
	/** Its name in the folder. */
	readonly name: string;
	/** The bootstrap names it: the function can not start without it. */
	readonly isStarted: boolean;
	/** Names without folders of all files of the folder. */
	readonly siblings: ReadonlySet<string>;
}

/** Packages bring files for many machines, in folders or under names that say which. */
const FOR_OTHERS =
	/(?:^|[/._-])(?:arm64|aarch64|armv[67]l?|arm|ia32|x86|ppc64(?:le)?|s390x|riscv64|loong(?:arch)?64|mips\w*)(?:[/._-]|$)/i;
const FOR_MUSL = /(?:^|[/._-])(?:musl|linuxmusl|alpine)(?:[/._-]|$)/i;

export function judgeElf(file: ElfFile, place: ElfPlace): CloudFinding[] {
	if (file.machine !== PLATFORM.machine || file.bits !== 64) return [machineFinding(file, place)];
	if (needsMusl(file)) return [muslFinding(file, place)];
	return [...glibcFinding(file, place), ...libraryFindings(file, place)];
}

function machineFinding({ machine, bits }: ElfFile, { name, isStarted }: ElfPlace): CloudFinding {
	return {
		code: 'ELF_MACHINE',
		level: isStarted ? 'fatal' : FOR_OTHERS.test(name) ? 'hint' : 'warning',
		place: name,
		found: `code for ${machine}, ${bits} bits`,
		wanted: `${PLATFORM.machine}, 64 bits`,
		who: 'builder',
		grade: 'documented',
	};
}

function needsMusl({ loader, needed }: ElfFile): boolean {
	return loader?.includes('/ld-musl-') === true || needed.some((name) => name.startsWith('libc.musl-'));
}

function muslFinding({ loader }: ElfFile, { name, isStarted }: ElfPlace): CloudFinding {
	return {
		code: 'ELF_MUSL',
		level: isStarted ? 'fatal' : FOR_MUSL.test(name) ? 'hint' : 'warning',
		place: name,
		found: loader === null ? 'a library for musl' : `a program that ${loader} of musl has to load`,
		wanted: 'one for glibc, or one that is linked statically',
		who: 'builder',
		grade: 'ours',
	};
}

function glibcFinding({ versions }: ElfFile, { name }: ElfPlace): CloudFinding[] {
	const highest = highestGlibc(versions);
	const [major, minor] = PLATFORM.glibc;
	if (highest === null || highest[0] < major || (highest[0] === major && highest[1] <= minor)) return [];
	return [
		{
			code: 'ELF_GLIBC',
			level: 'warning',
			place: name,
			found: `a need of GLIBC_${highest.join('.')}`,
			wanted: `at most GLIBC_${major}.${minor}, which Huawei Cloud EulerOS 2.0 has: the system that the manual advises to build on`,
			who: 'builder',
			grade: 'ours',
		},
	];
}

/** The newest glibc that it asks for. */
export function highestGlibc(versions: readonly string[]): readonly [number, number] | null {
	const found = versions.flatMap((version) => {
		const match = /^GLIBC_(\d{1,4})\.(\d{1,4})/.exec(version);
		return match === null ? [] : [[Number(match[1]), Number(match[2])] as const];
	});
	return found.toSorted((a, b) => b[0] - a[0] || b[1] - a[1])[0] ?? null;
}

function libraryFindings({ needed }: ElfFile, { name, isStarted, siblings }: ElfPlace): CloudFinding[] {
	const missing = needed.filter(
		(library) => !COMMON_LIBRARIES.has(library) && !siblings.has(baseName(library)),
	);
	if (missing.length === 0) return [];
	return [
		{
			code: 'ELF_LIBRARY',
			level: isStarted ? 'warning' : 'hint',
			place: name,
			found: `a need of ${missing.join(', ')}`,
			wanted: 'these in the folder: of the platform only the C library is known to be there',
			who: 'builder',
			grade: 'ours',
		},
	];
}

function baseName(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1);
}
