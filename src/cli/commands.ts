import { checkCommand } from './check-command.ts';
import type { CommandNode } from './command.ts';
import { doctorCommand } from './doctor-command.ts';
import { helpCommand } from './help-command.ts';
import { invokeCommand } from './invoke-command.ts';
import { reloadCommand } from './reload-command.ts';
import { contextCommands } from './remote/context-commands.ts';
import { loginCommand } from './remote/login-command.ts';
import { runCommand } from './run-command.ts';
import { serveCommand } from './serve-command.ts';
import { versionCommand } from './version-command.ts';

const OTHERS: readonly CommandNode[] = [
	runCommand,
	serveCommand,
	reloadCommand,
	invokeCommand,
	loginCommand,
	contextCommands,
	checkCommand,
	doctorCommand,
	versionCommand,
];

/** Every command, in the order of the help page. */
export const COMMANDS: readonly CommandNode[] = [...OTHERS, helpCommand(OTHERS)];
