/** One thing that would go wrong, or might, when a folder runs in the cloud. */
export interface CloudFinding {
	/** Permanent. */
	readonly code: CloudCode;
	/** `fatal`: it can not work there. `warning`: it will not, as far as is known. `hint`: worth a look. */
	readonly level: 'fatal' | 'warning' | 'hint';
	/** A file of the folder, or a setting. */
	readonly place: string;
	readonly found: string;
	readonly wanted: string;
	/** Who has to act: whoever writes the function, builds what is in the folder, or sets it up. */
	readonly who: 'author' | 'builder' | 'operator';
	/** Where the rule comes from: the platform's manual, a published sample or its open-sourced engine, or us. */
	readonly grade: 'documented' | 'observed' | 'ours';
}

export type CloudCode =
	| 'PACKAGE_SIZE'
	| 'UNPACKED_SIZE'
	| 'FILE_COUNT'
	| 'FILE_NAME'
	| 'FILE_UNFIT'
	| 'LINK'
	| 'BOOTSTRAP_BOM'
	| 'BOOTSTRAP_INTERPRETER'
	| 'BOOTSTRAP_COMMAND'
	| 'BOOTSTRAP_PATH'
	| 'BOOTSTRAP_PORT'
	| 'ELF_MACHINE'
	| 'ELF_GLIBC'
	| 'ELF_MUSL'
	| 'ELF_LIBRARY'
	| 'PYTHON_VERSION'
	| 'TIMEOUT';

const RANKS = { fatal: 0, warning: 1, hint: 2 } as const satisfies Record<CloudFinding['level'], number>;

/** The worst first, then by place. */
export function orderedFindings(findings: readonly CloudFinding[]): CloudFinding[] {
	return findings.toSorted(
		(a, b) => RANKS[a.level] - RANKS[b.level] || (a.place < b.place ? -1 : a.place > b.place ? 1 : 0),
	);
}

const ACTORS = {
	author: 'change the function',
	builder: 'build it for the platform',
	operator: 'change the setting',
} as const satisfies Record<CloudFinding['who'], string>;

/** One line. */
export function findingText({ code, level, place, found, wanted, who, grade }: CloudFinding): string {
	return `${level} ${code} ${place}: found ${found}, wanted ${wanted} (${grade}; ${ACTORS[who]})`;
}
