import { ConfigError, usageMistake } from '../config/config-error.ts';
import { nearestName } from '../config/nearest-name.ts';
import type { Command, CommandGroup, CommandNode } from './command.ts';

export type FoundCommand =
	| { readonly kind: 'command'; readonly command: Command; readonly rest: readonly string[] }
	/** A noun without a verb. */
	| { readonly kind: 'group'; readonly group: CommandGroup; readonly rest: readonly string[] };

/** What the first words name, and the words after these. Throws a ConfigError that names the nearest command. */
export function findCommand(nodes: readonly CommandNode[], words: readonly string[]): FoundCommand {
	const [first = '', ...rest] = words;
	const node = nodes.find(({ name }) => name === first);
	if (node === undefined) throw unknown(first, nodes);
	if (!('commands' in node)) return { kind: 'command', command: node, rest };
	const [verb, ...more] = rest;
	if (verb === undefined || verb.startsWith('-')) return { kind: 'group', group: node, rest };
	const command = node.commands.find(({ name }) => name === `${node.name} ${verb}`);
	if (command === undefined) throw unknown(`${node.name} ${verb}`, node.commands);
	return { kind: 'command', command, rest: more };
}

/** Every command, those of groups in the place of their group. */
export function allCommands(nodes: readonly CommandNode[]): readonly Command[] {
	return nodes.flatMap((node) => ('commands' in node ? node.commands : [node]));
}

function unknown(typed: string, nodes: readonly CommandNode[]): ConfigError {
	const names = nodes.map(({ name }) => name);
	const nearest = nearestName(typed, names);
	const hint = nearest === null ? `wanted one of ${names.join(', ')}` : `nearest is ${nearest}`;
	return new ConfigError([usageMistake(typed, `unknown command; ${hint}`)]);
}
