/** Requests of one kind, and who answers them. */
export interface Route<Target extends object> {
	/** A host name, `*.` and the end of one, or null for any; without port, in whatever case. */
	readonly host: string | null;
	/** Begins with `/`, as clients send it: without query, escaped. `{name}` stands for a segment, `{name+}` at the end for all that follows. */
	readonly path: string;
	/** `prefix`: `/api` holds for `/api` and `/api/x`, not for `/apix`; a slash at its end means nothing. */
	readonly match: 'exact' | 'prefix';
	/** As clients send it, mostly in capitals; null for any. */
	readonly method: string | null;
	readonly target: Target;
}
