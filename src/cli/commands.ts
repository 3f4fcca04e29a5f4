import { backupCommand } from './backup-command.ts';
import { benchCommand } from './bench-command.ts';
import { benchFunctionCommand } from './bench-function-command.ts';
import { bootstrapCommand } from './bootstrap-command.ts';
import { checkCommand } from './check-command.ts';
import type { CommandNode, CommandSection } from './command.ts';
import { completionCommand } from './completion-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { edgeHostCommand } from './edge-host-command.ts';
import { helpCommand } from './help-command.ts';
import { initCommand } from './init/init-command.ts';
import { invokeCommand } from './invoke-command.ts';
import { manCommand } from './man-command.ts';
import { packageCommand } from './package-command.ts';
import { packCommand } from './packed/pack-command.ts';
import { runPackedCommand } from './packed/run-packed-command.ts';
import { reloadCommand } from './reload-command.ts';
import { aclCommands } from './remote/acl-commands.ts';
import { aliasCommands } from './remote/alias-commands.ts';
import { appCommands } from './remote/app-commands.ts';
import { authorizerCommands } from './remote/authorizer-commands.ts';
import { contextCommands } from './remote/context-commands.ts';
import { corsCommands } from './remote/cors-commands.ts';
import { deleteCommand } from './remote/delete-command.ts';
import { deployCommand } from './remote/deploy-command.ts';
import { domainCommands } from './remote/domain-commands.ts';
import { listCommand } from './remote/list-command.ts';
import { loginCommand } from './remote/login-command.ts';
import { logsCommand } from './remote/logs-command.ts';
import { showCommand } from './remote/show-command.ts';
import { throttleCommands } from './remote/throttle-commands.ts';
import { triggerCommands } from './remote/trigger-commands.ts';
import { versionsCommand } from './remote/versions-command.ts';
import { runCommand } from './run-command.ts';
import { serveCommand } from './serve-command.ts';
import { serviceCommands } from './service-commands.ts';
import { upgradeCommand } from './upgrade-command.ts';
import { userCommands } from './user-command.ts';
import { versionCommand } from './version-command.ts';
import { workerCommand } from './worker-command.ts';

/** Every command, as the help page has them. */
export const COMMAND_SECTIONS: readonly CommandSection[] = [
	{
		title: 'On this machine',
		nodes: [
			initCommand,
			runCommand,
			checkCommand,
			bootstrapCommand,
			invokeCommand,
			packageCommand,
			packCommand,
			runPackedCommand,
			benchCommand,
			doctorCommand,
		],
	},
	{
		title: 'A server',
		nodes: [serveCommand, reloadCommand, upgradeCommand, serviceCommands, userCommands, backupCommand],
	},
	{
		title: 'Functions of a server',
		nodes: [
			deployCommand,
			listCommand,
			showCommand,
			versionsCommand,
			aliasCommands,
			triggerCommands,
			appCommands,
			authorizerCommands,
			throttleCommands,
			aclCommands,
			corsCommands,
			domainCommands,
			logsCommand,
			deleteCommand,
			loginCommand,
			contextCommands,
		],
	},
	{
		title: 'httpfn itself',
		nodes: [
			versionCommand,
			benchFunctionCommand,
			edgeHostCommand,
			workerCommand,
			helpCommand(() => COMMAND_SECTIONS),
			completionCommand(() => COMMANDS),
			manCommand(() => COMMANDS),
		],
	},
];

export const COMMANDS: readonly CommandNode[] = COMMAND_SECTIONS.flatMap(({ nodes }) => nodes);
