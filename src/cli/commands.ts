import type { CommandNode, CommandSection } from './command.ts';

/** Commands by their first word. Each is loaded by who asks for it: a start pays for no other. */
interface CommandTable {
	readonly title: string;
	readonly nodes: Readonly<Record<string, () => Promise<CommandNode>>>;
}

/** Every command, as the help page has them. */
const TABLES: readonly CommandTable[] = [
	{
		title: 'On this machine',
		nodes: {
			init: async () => (await import('./init/init-command.ts')).initCommand,
			run: async () => (await import('./run-command.ts')).runCommand,
			check: async () => (await import('./check-command.ts')).checkCommand,
			bootstrap: async () => (await import('./bootstrap-command.ts')).bootstrapCommand,
			invoke: async () => (await import('./invoke-command.ts')).invokeCommand,
			package: async () => (await import('./package-command.ts')).packageCommand,
			pack: async () => (await import('./packed/pack-command.ts')).packCommand,
			'run-packed': async () => (await import('./packed/run-packed-command.ts')).runPackedCommand,
			bench: async () => (await import('./bench-command.ts')).benchCommand,
			doctor: async () => (await import('./doctor-command.ts')).doctorCommand,
		},
	},
	{
		title: 'A server',
		nodes: {
			serve: async () => (await import('./serve-command.ts')).serveCommand,
			reload: async () => (await import('./reload-command.ts')).reloadCommand,
			upgrade: async () => (await import('./upgrade-command.ts')).upgradeCommand,
			service: async () => (await import('./service-commands.ts')).serviceCommands,
			user: async () => (await import('./user-command.ts')).userCommands,
			backup: async () => (await import('./backup-command.ts')).backupCommand,
		},
	},
	{
		title: 'Functions of a server',
		nodes: {
			deploy: async () => (await import('./remote/deploy-command.ts')).deployCommand,
			list: async () => (await import('./remote/list-command.ts')).listCommand,
			show: async () => (await import('./remote/show-command.ts')).showCommand,
			versions: async () => (await import('./remote/versions-command.ts')).versionsCommand,
			alias: async () => (await import('./remote/alias-commands.ts')).aliasCommands,
			trigger: async () => (await import('./remote/trigger-commands.ts')).triggerCommands,
			app: async () => (await import('./remote/app-commands.ts')).appCommands,
			authorizer: async () => (await import('./remote/authorizer-commands.ts')).authorizerCommands,
			throttle: async () => (await import('./remote/throttle-commands.ts')).throttleCommands,
			acl: async () => (await import('./remote/acl-commands.ts')).aclCommands,
			cors: async () => (await import('./remote/cors-commands.ts')).corsCommands,
			domain: async () => (await import('./remote/domain-commands.ts')).domainCommands,
			logs: async () => (await import('./remote/logs-command.ts')).logsCommand,
			delete: async () => (await import('./remote/delete-command.ts')).deleteCommand,
			login: async () => (await import('./remote/login-command.ts')).loginCommand,
			context: async () => (await import('./remote/context-commands.ts')).contextCommands,
		},
	},
	{
		title: 'httpfn itself',
		nodes: {
			version: async () => (await import('./version-command.ts')).versionCommand,
			'bench-function': async () => (await import('./bench-function-command.ts')).benchFunctionCommand,
			'edge-host': async () => (await import('./edge-host-command.ts')).edgeHostCommand,
			worker: async () => (await import('./worker-command.ts')).workerCommand,
			help: async () => (await import('./help-command.ts')).helpCommand(loadSections),
			completion: async () => (await import('./completion-command.ts')).completionCommand(loadCommands),
			man: async () => (await import('./man-command.ts')).manCommand(loadCommands),
		},
	},
];

/** The command, or the noun, of that name alone; undefined where there is none. */
export async function loadCommand(name: string): Promise<CommandNode | undefined> {
	for (const { nodes } of TABLES) if (Object.hasOwn(nodes, name)) return await nodes[name]?.();
	return undefined;
}

export async function loadSections(): Promise<readonly CommandSection[]> {
	return await Promise.all(
		TABLES.map(async ({ title, nodes }) => ({
			title,
			nodes: await Promise.all(Object.values(nodes).map((load) => load())),
		})),
	);
}

export async function loadCommands(): Promise<readonly CommandNode[]> {
	return (await loadSections()).flatMap(({ nodes }) => nodes);
}
