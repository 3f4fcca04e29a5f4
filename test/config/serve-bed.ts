import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ConfigError, type Mistake } from '../../src/config/config-error.ts';
import { resolveServe, type ServeInput } from '../../src/config/resolve-serve.ts';
import type { FieldKey } from '../../src/config/schema.ts';
import type { ServeSettings } from '../../src/config/serve-settings.ts';

export type ServeGiven = Partial<Omit<ServeInput, 'flags'>> & { flags?: Partial<Record<FieldKey, string[]>> };

/** A folder with a config file of `serve`, and function folders a, b and c. */
export class ServeBed implements Disposable {
	readonly path: string;

	constructor() {
		this.path = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-serve-'));
		for (const name of ['a', 'b', 'c']) this.write(`${name}/bootstrap`, 'true\n');
	}

	write(name: string, text: string): void {
		fs.mkdirSync(path.dirname(path.join(this.path, name)), { recursive: true });
		fs.writeFileSync(path.join(this.path, name), text);
	}

	/** Writes httpfn.yaml, if text is given, and reads it. */
	resolve(text: string | null, given: ServeGiven = {}): Promise<ServeSettings> {
		if (text !== null) this.write('httpfn.yaml', text);
		const flags = new Map(Object.entries(given.flags ?? {})) as Map<FieldKey, string[]>;
		const none = { environment: {}, configPath: null, mistakes: [], workingFolder: this.path };
		return resolveServe({ ...none, ...given, flags });
	}

	async mistakes(text: string | null, given: ServeGiven = {}): Promise<readonly Mistake[]> {
		try {
			await this.resolve(text, given);
		} catch (error) {
			if (error instanceof ConfigError) return error.mistakes;
			throw error;
		}
		throw new Error('the file was accepted');
	}

	/** `LINE:COLUMN` of each mistake. */
	async places(text: string, given: ServeGiven = {}): Promise<string[]> {
		return (await this.mistakes(text, given)).map(({ position }) => `${position?.line}:${position?.column}`);
	}

	[Symbol.dispose](): void {
		fs.rmSync(this.path, { recursive: true });
	}
}
