/** An httpfn that is measured: how it is started, and what it says it is. */
export interface Program {
	/** `now`, and `before` for the one that it is compared with. */
	readonly role: 'now' | 'before';
	readonly command: string;
	/** What comes before the arguments: the script where an engine runs the source. */
	readonly prefix: readonly string[];
}
