import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Test } from 'uvu';
import { ConfigError } from '../../src/config/config-error.ts';
import { resolveSettings, type SettingsInput } from '../../src/config/resolve-settings.ts';
import type { RunSettings } from '../../src/config/run-settings.ts';
import type { FieldKey } from '../../src/config/schema.ts';

/** What each test of settings gets: a function's folder of its own. */
export interface SettingsContext {
	folder: string;
}

export type Given = Partial<Omit<SettingsInput, 'flags'>> & { flags?: Partial<Record<FieldKey, string[]>> };

export function withFolders(test: Test<SettingsContext>): void {
	test.before.each((context) => {
		context.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-settings-'));
	});
	test.after.each(({ folder }) => fs.rmSync(folder, { recursive: true }));
}

export function resolve(folder: string, given: Given = {}): RunSettings {
	const flags = new Map(Object.entries(given.flags ?? {})) as Map<FieldKey, string[]>;
	const none = { environment: {}, configPath: null, mistakes: [] };
	return resolveSettings({ ...none, folder, workingFolder: folder, ...given, flags });
}

export function mistakesOf(folder: string, given: Given): [source: string, problem: string][] {
	try {
		resolve(folder, given);
	} catch (error) {
		if (error instanceof ConfigError) return error.mistakes.map(({ source, problem }) => [source, problem]);
		throw error;
	}
	throw new Error('the settings were accepted');
}

export const sourcesOf = (folder: string, given: Given): string[] =>
	mistakesOf(folder, given).map(([source]) => source);

export function writeConfig(folder: string, config: unknown): void {
	fs.writeFileSync(path.join(folder, 'httpfn.json'), JSON.stringify(config));
}
