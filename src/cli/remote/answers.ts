/** What is read of the platform's answers. More may be in them; less is no answer of the platform's. */
import * as z from 'zod/mini';
import { RuntimeError } from '../../contract/errors.ts';

const text = () => z.nullish(z.string());
const size = () => z.nullish(z.number());
const marker = () => z.nullish(z.union([z.number(), z.string()]));

function functionAnswer() {
	return z.looseObject({
		func_urn: z.string(),
		func_name: z.string(),
		package: text(),
		version: text(),
		description: text(),
		runtime: text(),
		memory_size: size(),
		timeout: size(),
		code_size: size(),
		digest: text(),
		user_data: text(),
		last_modified: text(),
		strategy_config: z.nullish(z.looseObject({ concurrency: size(), concurrent_num: size() })),
	});
}

/** Made when first needed. */
export const ANSWERS = {
	function: functionAnswer,
	functions: () => z.looseObject({ functions: z.array(functionAnswer()), next_marker: marker() }),
	versions: () => z.looseObject({ versions: z.array(functionAnswer()), next_marker: marker() }),
	alias: aliasAnswer,
	aliases: () => z.array(aliasAnswer()),
	trigger: triggerAnswer,
	triggers: () => z.array(triggerAnswer()),
	app: appAnswer,
	apps: () => z.looseObject({ apps: z.array(appAnswer()) }),
	appCode: appCodeAnswer,
	appCodes: () => z.looseObject({ app_codes: z.array(appCodeAnswer()) }),
	appGrants: () => z.looseObject({ auths: z.array(appGrantAnswer()) }),
	authorizer: authorizerAnswer,
	group: () => z.looseObject({ url_domains: z.nullish(z.array(domainAnswer())) }),
	boundDomain: boundDomainAnswer,
	/** Whose fields are called otherwise for each kind. */
	policy: () => z.record(z.string(), z.unknown()),
	authorizers: () => z.looseObject({ authorizer_list: z.array(authorizerAnswer()) }),
};

function aliasAnswer() {
	return z.looseObject({
		name: z.string(),
		version: z.string(),
		description: text(),
		last_modified: text(),
		additional_version_weights: z.nullish(z.record(z.string(), z.number())),
		additional_version_strategy: z.nullish(z.looseObject({})),
	});
}

function triggerAnswer() {
	return z.looseObject({
		trigger_id: z.string(),
		trigger_type_code: z.string(),
		trigger_status: text(),
		event_data: z.looseObject({
			path: text(),
			match_mode: text(),
			req_method: text(),
			auth: text(),
			invoke_url: text(),
			group_id: text(),
			api_id: text(),
			func_info: z.nullish(z.looseObject({ function_urn: text(), version: text() })),
		}),
	});
}

function appAnswer() {
	return z.looseObject({
		id: z.string(),
		name: z.string(),
		app_key: z.string(),
		app_secret: z.string(),
		remark: text(),
		status: size(),
	});
}

function appCodeAnswer() {
	return z.looseObject({ id: z.string(), app_id: z.string(), app_code: z.string() });
}

function appGrantAnswer() {
	return z.looseObject({ id: z.string(), api_id: z.string(), api_name: text() });
}

function authorizerAnswer() {
	const identity = z.looseObject({ name: z.string(), location: z.string() });
	return z.looseObject({
		id: z.string(),
		name: z.string(),
		authorizer_uri: z.string(),
		ttl: size(),
		identities: z.nullish(z.array(identity)),
	});
}

function domainAnswer() {
	return z.looseObject({ id: z.string(), domain: z.string() });
}

function boundDomainAnswer() {
	return z.looseObject({ id: z.string(), url_domain: z.string() });
}

type Answers = typeof ANSWERS;
export type FunctionAnswer = z.output<ReturnType<Answers['function']>>;
export type AliasAnswer = z.output<ReturnType<Answers['alias']>>;
export type TriggerAnswer = z.output<ReturnType<Answers['trigger']>>;
export type AppAnswer = z.output<ReturnType<Answers['app']>>;
export type AppCodeAnswer = z.output<ReturnType<Answers['appCode']>>;
export type AppGrantAnswer = z.output<ReturnType<typeof appGrantAnswer>>;
export type AuthorizerAnswer = z.output<ReturnType<Answers['authorizer']>>;

export type DomainAnswer = z.output<ReturnType<typeof domainAnswer>>;
export type BoundDomainAnswer = z.output<ReturnType<typeof boundDomainAnswer>>;

/** Throws ERR_SERVER_REFUSED that names the first field that is not what the platform sends. */
export function readAnswer<Kind extends keyof Answers>(
	kind: Kind,
	asked: string,
	body: unknown,
): z.output<ReturnType<Answers[Kind]>> {
	const found = ANSWERS[kind]().safeParse(body);
	if (found.success) return found.data as z.output<ReturnType<Answers[Kind]>>;
	const [issue] = found.error.issues;
	const where = issue === undefined || issue.path.length === 0 ? 'the whole of it' : issue.path.join('.');
	throw new RuntimeError(
		'ERR_SERVER_REFUSED',
		`${asked}: the answer is not that of the platform's API (${where}: ${issue?.message ?? 'wrong'})`,
	);
}
