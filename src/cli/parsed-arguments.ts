import type { Mistake } from '../config/config-error.ts';
import type { FieldKey } from '../config/schema.ts';

/** What the words after a command's name say. */
export interface ParsedArguments {
	/** The words that are no options, in the order of the command's parameters. */
	readonly parameters: readonly string[];
	/** Texts by flag, in order. An option without a value has the text `true`, or `false` as `--no-NAME`. */
	readonly options: ReadonlyMap<string, readonly string[]>;
	/** The same for those options that are settings. */
	readonly settings: ReadonlyMap<FieldKey, readonly string[]>;
	/** Everything that could not be understood; the caller adds its own and throws them together. */
	readonly mistakes: readonly Mistake[];
}
