/** The command line of a packed file. */
import path from 'node:path';
import process from 'node:process';
import { ConfigError, usageMistake } from '../../config/config-error.ts';
import { PLAIN_WORD } from '../../engine/packed-tail.ts';
import { openPackage } from '../../packed/open-package.ts';
import { asksForHelp } from '../asks-for-help.ts';
import type { Command } from '../command.ts';
import { commandHelp } from '../help-text.ts';
import { infoCommand } from './info-command.ts';
import { servePackedCommand } from './serve-packed-command.ts';

const INFO_WORD = '--httpfn-info';

type PackedWords =
	/** Words for httpfn itself. */
	| { readonly kind: 'plain'; readonly rest: readonly string[] }
	| { readonly kind: 'help'; readonly page: string }
	| { readonly kind: 'command'; readonly command: Command; readonly rest: readonly string[] };

/** `file` is the executable that runs. Rejects with ERR_PACKED_INVALID. */
export async function packedWords(file: string, argv: readonly string[]): Promise<PackedWords> {
	const [first, ...rest] = argv;
	if (first === PLAIN_WORD) return { kind: 'plain', rest };
	if (first === '--version') return { kind: 'plain', rest: argv };
	if (argv.includes(INFO_WORD)) {
		return { kind: 'command', command: infoCommand(file), rest: argv.filter((word) => word !== INFO_WORD) };
	}
	await using opened = await openPackage(file);
	const command = servePackedCommand(file, opened.manifest);
	if (asksForHelp(argv)) {
		return { kind: 'help', page: commandHelp(command, path.basename(process.argv0)) };
	}
	if (first === undefined || first.startsWith('-')) return { kind: 'command', command, rest: argv };
	const problem = `unexpected word; this is a packed function: ${PLAIN_WORD} comes before commands of httpfn`;
	throw new ConfigError([usageMistake(first, problem)]);
}
