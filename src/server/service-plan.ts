/** One httpfn as a service of a machine, whatever starts services there. */
export interface ServicePlan {
	/** Of the unit or script, without an ending. */
	readonly name: string;
	readonly description: string;
	/** Absolute path of httpfn, and the words after it. */
	readonly command: readonly [string, ...string[]];
	/** Of the whole machine, or of whoever is logged in. */
	readonly scope: 'system' | 'user';
	/** Who runs it; null: root, or in a user's scope that user. */
	readonly runAs: string | null;
	/** Places that the service manager listens on and hands over; null: httpfn listens itself. */
	readonly sockets: readonly string[] | null;
	/** Absolute path of the file of `serve`; null: there is none to read again. */
	readonly config: string | null;
	/** Absolute paths of folders that it writes to, besides its own. */
	readonly writes: readonly string[];
	/** Name of a folder below /var/lib that is its own; null: it has none. */
	readonly state: string | null;
	/** Itself, or something that it reads or writes, lies below /home, /root or /run/user. */
	readonly usesHomes: boolean;
	/** Below /tmp or /var/tmp. */
	readonly usesTmp: boolean;
}

export interface ServiceFile {
	/** Absolute, below the root that it is written under. */
	readonly path: string;
	readonly text: string;
	readonly mode: number;
}

export interface ServiceFiles {
	readonly files: readonly ServiceFile[];
	/** Command lines that have it start now and with the machine, in order. */
	readonly enable: readonly (readonly string[])[];
	/** Command lines that stop it. */
	readonly disable: readonly (readonly string[])[];
	/** Command lines after its files are gone. */
	readonly forget: readonly (readonly string[])[];
}
