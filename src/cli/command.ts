/** Commands as data: help, the manual page, the completions, the reference page and the parser are all made from these. */
import type { FieldKey } from '../config/schema.ts';
import type { DescriptorSink } from '../telemetry/descriptor-sink.ts';
import type { ExitCode } from './exit-code.ts';
import type { ParsedArguments } from './parsed-arguments.ts';

export interface CommandOption {
	readonly flag: `--${string}`;
	/** The same in one letter, where custom has one. */
	readonly short?: `-${string}`;
	/** Empty for an option without a value. */
	readonly placeholder: string;
	readonly group: string;
	readonly sentence: string;
	/** Every value there is; absent: any text. */
	readonly choices?: readonly string[];
	/** What holds where the option is not given; empty where nothing is worth saying. */
	readonly fallbackText: string;
	readonly repeatable: boolean;
	/** Without a value: `--no-NAME` and `=true|false` are known too. */
	readonly negatable: boolean;
	/** The setting behind it, if it is one. */
	readonly field: FieldKey | null;
}

/** Commands that belong together, for the help page. */
export interface CommandSection {
	readonly title: string;
	readonly nodes: readonly CommandNode[];
}

/** A command, or a noun with its verbs. */
export type CommandNode = Command | CommandGroup;

/** `alias`, whose commands are `alias list`, `alias set`, … */
export interface CommandGroup {
	readonly name: string;
	readonly summary: string;
	readonly commands: readonly Command[];
}

export interface Command {
	/** All words of it: `alias set` within the group `alias`. */
	readonly name: string;
	readonly summary: string;
	/** After the command's name: `[DIR] [OPTIONS]`. */
	readonly usage: string;
	/** Words that it takes besides options, in order; what is required comes first. */
	readonly parameters: readonly CommandParameter[];
	readonly options: readonly CommandOption[];
	/** Paragraphs between the options and the examples. */
	readonly notes: readonly string[];
	readonly examples: readonly (readonly [command: string, sentence: string])[];
	readonly exitCodes: readonly ExitCode[];
	/** It serves, and says itself when its start is over (engine/jit-policy.ts). Others start at once. */
	readonly serves?: true;
	run(invocation: Invocation): Promise<ExitCode>;
}

export interface CommandParameter {
	readonly name: string;
	readonly required: boolean;
	readonly sentence: string;
	/** Every value there is; absent: any text. */
	readonly choices?: readonly string[];
}

/** What a command is given to work with. */
export interface Invocation {
	readonly arguments: ParsedArguments;
	readonly environment: Readonly<Record<string, string>>;
	readonly workingFolder: string;
	readonly stdout: DescriptorSink;
	readonly stderr: DescriptorSink;
	/** Stderr is a terminal. */
	readonly terminal: boolean;
	/** Stderr may be coloured. */
	readonly coloured: boolean;
}
