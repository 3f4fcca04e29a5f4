/** One thing a host has, or lacks, in a line of `httpfn doctor`. */
export interface Capability {
	readonly name: string;
	/** `limited`: httpfn works, with less. `missing`: something that is needed is not there. */
	readonly state: 'ok' | 'limited' | 'missing';
	readonly found: string;
	/** What to change; empty where nothing is wrong. */
	readonly advice: string;
}

export function capability(name: string, state: Capability['state'], found: string, advice = ''): Capability {
	return { name, state, found, advice };
}
