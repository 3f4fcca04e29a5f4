import { FIELDS, type FieldKey, RUN_KEYS } from '../config/schema.ts';
import type { CommandOption } from './command.ts';

const PLAIN = { group: 'Other', fallbackText: '', repeatable: false, negatable: false, field: null } as const;

export const HELP_OPTION: CommandOption = {
	...PLAIN,
	flag: '--help',
	placeholder: '',
	sentence: 'Print this page.',
};

export const JSON_OPTION: CommandOption = {
	...PLAIN,
	flag: '--json',
	placeholder: '',
	sentence: 'Print the result, and errors, as one JSON object.',
};

const CONFIG_OPTION: CommandOption = {
	...PLAIN,
	flag: '--config',
	placeholder: 'F',
	group: 'Config file',
	sentence: 'Config file to read, instead of httpfn.json in the folder.',
	fallbackText: 'httpfn.json, if it is there',
};

export const SERVE_CONFIG_OPTION: CommandOption = {
	...CONFIG_OPTION,
	sentence: 'Config file of httpfn serve.',
	fallbackText: 'httpfn.yaml, httpfn.yml or httpfn.json in this folder',
};

/** An option of one command, without a setting behind it. */
export function ownOption(
	flag: `--${string}`,
	placeholder: string,
	group: string,
	sentence: string,
	more: Partial<CommandOption> = {},
): CommandOption {
	return { ...PLAIN, flag, placeholder, group, sentence, ...more };
}

/** Every setting of one function and of httpfn that has a flag, and --config. */
export function settingOptions(): CommandOption[] {
	return [...RUN_KEYS.flatMap(settingOption), CONFIG_OPTION];
}

/** The option of one setting; none where it has no flag. */
export function settingOption(key: FieldKey): CommandOption[] {
	const { flag, placeholder, group, sentence, fallbackText, kind } = FIELDS[key];
	if (flag === null) return [];
	const shown = kind === 'boolean' ? '' : fallbackText;
	const [repeatable, negatable] = [kind === 'entries', kind === 'boolean'];
	return [{ flag, placeholder, group, sentence, fallbackText: shown, repeatable, negatable, field: key }];
}
