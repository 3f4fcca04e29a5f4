import { checkCommand } from './check-command.ts';
import type { CommandNode } from './command.ts';
import { completionCommand } from './completion-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { helpCommand } from './help-command.ts';
import { invokeCommand } from './invoke-command.ts';
import { manCommand } from './man-command.ts';
import { reloadCommand } from './reload-command.ts';
import { aliasCommands } from './remote/alias-commands.ts';
import { contextCommands } from './remote/context-commands.ts';
import { deleteCommand } from './remote/delete-command.ts';
import { deployCommand } from './remote/deploy-command.ts';
import { listCommand } from './remote/list-command.ts';
import { loginCommand } from './remote/login-command.ts';
import { logsCommand } from './remote/logs-command.ts';
import { showCommand } from './remote/show-command.ts';
import { triggerCommands } from './remote/trigger-commands.ts';
import { versionsCommand } from './remote/versions-command.ts';
import { runCommand } from './run-command.ts';
import { serveCommand } from './serve-command.ts';
import { userCommands } from './user-command.ts';
import { versionCommand } from './version-command.ts';

const OTHERS: readonly CommandNode[] = [
	runCommand,
	serveCommand,
	reloadCommand,
	deployCommand,
	invokeCommand,
	listCommand,
	showCommand,
	versionsCommand,
	aliasCommands,
	triggerCommands,
	logsCommand,
	deleteCommand,
	loginCommand,
	contextCommands,
	userCommands,
	checkCommand,
	doctorCommand,
	versionCommand,
	completionCommand(() => COMMANDS),
	manCommand(() => COMMANDS),
];

/** Every command, in the order of the help page. */
export const COMMANDS: readonly CommandNode[] = [...OTHERS, helpCommand(OTHERS)];
