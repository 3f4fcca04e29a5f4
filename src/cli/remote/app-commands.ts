/** Callers of APIs: their keys and codes, and what they may call. */
import type { Command, CommandGroup, CommandParameter, Invocation } from '../command.ts';
import { HELP_OPTION, JSON_OPTION, ownOption } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printedAsJson, printResult } from '../printed-as-json.ts';
import { textTable } from '../text-table.ts';
import type { AppAnswer } from './answers.ts';
import { API_OPTIONS, API_PARAMETER, apiIdsOf, foundTriggers } from './found-apis.ts';
import { GatewayApi } from './gateway-api.ts';
import { openServer, SERVER_OPTIONS } from './server-options.ts';

const NAME: CommandParameter = { name: 'NAME', required: true, sentence: 'Name of the app.' };
const COMMON = {
	options: [...SERVER_OPTIONS, JSON_OPTION, HELP_OPTION],
	parameters: [NAME],
	notes: [],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
} satisfies Partial<Command>;
const OF_FUNCTION = {
	...COMMON,
	parameters: [NAME, API_PARAMETER],
	options: [...API_OPTIONS, ...COMMON.options],
} satisfies Partial<Command>;

const appAdd: Command = {
	...COMMON,
	name: 'app add',
	summary: 'Make an app: a caller with a key and a secret; prints both.',
	usage: 'NAME [--remark TEXT] [OPTIONS]',
	options: [
		ownOption('--remark', 'TEXT', 'App', 'What it is for.', { fallbackText: 'nothing' }),
		...COMMON.options,
	],
	examples: [['httpfn app add shop', 'its key and secret']],
	run: async (invocation): Promise<ExitCode> => {
		const { arguments: given } = invocation;
		const remark = given.options.get('--remark')?.[0];
		const body = { name: given.parameters[0], ...(remark === undefined ? {} : { remark }) };
		const app = await gatewayOf(invocation).createApp(body);
		return printResult(invocation, app, secretText(app));
	},
};

const appList: Command = {
	...COMMON,
	name: 'app list',
	summary: 'List the apps.',
	usage: '[OPTIONS]',
	parameters: [],
	examples: [['httpfn app list', 'with their keys']],
	run: async (invocation): Promise<ExitCode> => {
		const apps = await gatewayOf(invocation).apps();
		if (printedAsJson(invocation, { apps })) return EXIT.ok;
		const rows = apps.map((app) => [
			app.name,
			app.app_key,
			app.status === 2 ? 'frozen' : 'active',
			app.remark ?? '',
		]);
		invocation.stdout.writeText(textTable(['APP', 'KEY', 'STATUS', 'REMARK'], rows));
		return EXIT.ok;
	},
};

const appShow: Command = {
	...COMMON,
	name: 'app show',
	summary: 'Show an app: key, secret, codes, and what it may call.',
	usage: 'NAME [OPTIONS]',
	examples: [['httpfn app show shop', 'all of it']],
	run: async (invocation): Promise<ExitCode> => {
		const { gateway, app } = await opened(invocation);
		const [codes, grants] = [await gateway.codes(app), await gateway.grants(app)];
		if (printedAsJson(invocation, { ...app, app_codes: codes, auths: grants })) return EXIT.ok;
		const rows = [
			...codes.map((code) => ['code', code.id, code.app_code]),
			...grants.map((grant) => ['may call', grant.api_id, grant.api_name ?? '']),
		];
		invocation.stdout.writeText(
			`${secretText(app)}${rows.length === 0 ? '' : textTable(['', 'ID', ''], rows)}`,
		);
		return EXIT.ok;
	},
};

const appRemove: Command = {
	...COMMON,
	name: 'app remove',
	summary: 'Remove an app: nothing lets it in any more.',
	usage: 'NAME [OPTIONS]',
	examples: [['httpfn app remove shop', 'its codes go too']],
	run: async (invocation): Promise<ExitCode> => {
		const { gateway, app } = await opened(invocation);
		await gateway.removeApp(app);
		return printResult(invocation, { removed: app.name }, `removed ${app.name}\n`);
	},
};

const appReset: Command = {
	...COMMON,
	name: 'app reset-secret',
	summary: 'Give an app another secret: the one before counts no more.',
	usage: 'NAME [OPTIONS]',
	examples: [['httpfn app reset-secret shop', 'when the secret was seen']],
	run: async (invocation): Promise<ExitCode> => {
		const { gateway, app } = await opened(invocation);
		const changed = await gateway.resetSecret(app);
		return printResult(invocation, changed, secretText(changed));
	},
};

const appAddCode: Command = {
	...COMMON,
	name: 'app add-code',
	summary: 'Give an app a code to show instead of a signature; prints it.',
	usage: 'NAME [OPTIONS]',
	examples: [['httpfn app add-code shop', 'for X-Apig-AppCode']],
	run: async (invocation): Promise<ExitCode> => {
		const { gateway, app } = await opened(invocation);
		const code = await gateway.addCode(app);
		return printResult(invocation, code, `${code.app_code}\n`);
	},
};

const appRemoveCode: Command = {
	...COMMON,
	name: 'app remove-code',
	summary: 'Take a code from an app: it lets nobody in any more.',
	usage: 'NAME ID [OPTIONS]',
	parameters: [NAME, { name: 'ID', required: true, sentence: 'Id of the code, as httpfn app show has it.' }],
	examples: [['httpfn app remove-code shop 5a1f0c4e9b6d4e0f8a7b3c2d1e0f9a8b', 'when the code was seen']],
	run: async (invocation): Promise<ExitCode> => {
		const { gateway, app } = await opened(invocation);
		const [, id = ''] = invocation.arguments.parameters;
		await gateway.removeCode({ id, app_id: app.id });
		return printResult(invocation, { removed: id }, `removed ${id}\n`);
	},
};

const appAllow: Command = {
	...OF_FUNCTION,
	name: 'app allow',
	summary: 'Let an app call a function by its triggers with auth APP.',
	usage: 'NAME FUNCTION[:VERSION] [--path /P] [OPTIONS]',
	examples: [['httpfn app allow shop hello --path /orders', 'for one of its URLs']],
	run: async (invocation): Promise<ExitCode> => {
		const { gateway, app } = await opened(invocation);
		const apiIds = apiIdsOf(await foundTriggers(invocation, 1, 'APP'));
		const auths = await gateway.grant(app, apiIds);
		const text = auths.map((grant) => `${app.name} may call ${grant.api_name ?? grant.api_id}\n`).join('');
		return printResult(invocation, { auths }, text);
	},
};

const appDeny: Command = {
	...OF_FUNCTION,
	name: 'app deny',
	summary: 'Let an app call a function no more.',
	usage: 'NAME FUNCTION[:VERSION] [--path /P] [OPTIONS]',
	examples: [['httpfn app deny shop hello', 'none of its URLs']],
	run: async (invocation): Promise<ExitCode> => {
		const { gateway, app } = await opened(invocation);
		// What was allowed stays while a trigger has another auth, and would count again with APP.
		const apiIds = new Set(apiIdsOf(await foundTriggers(invocation, 1)));
		const found = (await gateway.grants(app)).filter(({ api_id }) => apiIds.has(api_id));
		for (const grant of found) await gateway.revoke(grant);
		const text = found
			.map((grant) => `${app.name} may not call ${grant.api_name ?? grant.api_id}\n`)
			.join('');
		return printResult(invocation, { revoked: found }, text);
	},
};

export const appCommands: CommandGroup = {
	name: 'app',
	summary: 'Look after the apps that call functions, and what they may call.',
	commands: [appAdd, appList, appShow, appAllow, appDeny, appAddCode, appRemoveCode, appReset, appRemove],
};

function gatewayOf(invocation: Invocation): GatewayApi {
	return new GatewayApi(openServer(invocation));
}

async function opened(
	invocation: Invocation,
): Promise<{ readonly gateway: GatewayApi; readonly app: AppAnswer }> {
	const gateway = gatewayOf(invocation);
	return { gateway, app: await gateway.app(invocation.arguments.parameters[0] ?? '') };
}

function secretText({ name, app_key, app_secret }: AppAnswer): string {
	return textTable(['APP', 'KEY', 'SECRET'], [[name, app_key, app_secret]]);
}
