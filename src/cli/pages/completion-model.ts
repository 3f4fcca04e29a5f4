/** What a shell can complete, from the tree of commands: the same for every shell, which differ in how they are told. */
import * as z from 'zod/mini';
import { FIELDS, type FieldKey } from '../../config/schema.ts';
import type { Command, CommandNode, CommandOption, CommandParameter } from '../command.ts';
import { allCommands } from '../find-command.ts';

export type Candidates =
	| { readonly kind: 'choices'; readonly choices: readonly string[] }
	| { readonly kind: 'file' }
	| { readonly kind: 'folder' }
	/** Any text: nothing can be offered. */
	| { readonly kind: 'text' };

export interface CompletedWord {
	readonly name: string;
	readonly sentence: string;
}

export interface CompletedCommand extends CompletedWord {
	readonly options: readonly CompletedOption[];
	/** Of each word that is no option, in order. */
	readonly parameters: readonly Candidates[];
}

export interface CompletedOption extends CompletedWord {
	/** Every spelling of it. */
	readonly flags: readonly string[];
	/** Null: it takes no value. */
	readonly value: Candidates | null;
}

export interface CompletionModel {
	/** First words. */
	readonly nodes: readonly CompletedWord[];
	/** Second words, of those that have some. */
	readonly groups: ReadonlyArray<{ readonly name: string; readonly verbs: readonly CompletedWord[] }>;
	readonly commands: readonly CompletedCommand[];
}

export function completionModel(nodes: readonly CommandNode[]): CompletionModel {
	return {
		nodes: nodes.map(({ name, summary }) => ({ name, sentence: summary })),
		groups: nodes.flatMap((node) =>
			'commands' in node ? [{ name: node.name, verbs: node.commands.map(verb) }] : [],
		),
		commands: allCommands(nodes).map((command) => completed(command, nodes)),
	};
}

function verb({ name, summary }: Command): CompletedWord {
	return { name: name.split(' ').at(-1) ?? name, sentence: summary };
}

function completed(
	{ name, summary, options, parameters }: Command,
	nodes: readonly CommandNode[],
): CompletedCommand {
	return {
		name,
		sentence: summary,
		options: options.map((option) => ({
			name: option.flag,
			sentence: option.sentence,
			flags: [
				...(option.short === undefined ? [] : [option.short]),
				option.flag,
				...(option.negatable ? [`--no-${option.flag.slice(2)}`] : []),
			],
			value: option.placeholder === '' ? null : valueCandidates(option),
		})),
		parameters: parameters.map((parameter) => parameterOf(parameter, nodes)),
	};
}

function parameterOf({ name, choices }: CommandParameter, nodes: readonly CommandNode[]): Candidates {
	if (name === 'COMMAND') return { kind: 'choices', choices: nodes.map((node) => node.name) };
	if (choices !== undefined) return { kind: 'choices', choices };
	return { kind: name.startsWith('DIR') ? 'folder' : 'text' };
}

function valueCandidates({ choices, field, placeholder }: CommandOption): Candidates {
	const known = choices ?? (field === null ? undefined : fieldChoices(field));
	if (known !== undefined) return { kind: 'choices', choices: known };
	if (placeholder === 'F') return { kind: 'file' };
	return { kind: placeholder === 'DIR' ? 'folder' : 'text' };
}

function fieldChoices(key: FieldKey): readonly string[] | undefined {
	const type = FIELDS[key].type();
	if (type instanceof z.ZodMiniEnum) return type.options.map(String);
	if (type instanceof z.ZodMiniLiteral) return [...type.def.values].map(String);
	return undefined;
}
