import type { FunctionSettings } from '../../src/contract/function-settings.ts';

/** A well-formed function; a test changes the one thing it is about. */
export const SETTINGS: FunctionSettings = {
	codeRoot: '/opt/function/code',
	name: 'hello-http',
	package: 'default',
	version: 'latest',
	projectId: '0910fc31530026f82fd0c018a303517e',
	region: 'cn-north-4',
	memoryMb: 256,
	timeoutSeconds: 30,
	initTimeoutSeconds: 10,
	environment: {},
	streamResponse: false,
	strictEnvelope: false,
	credentials: null,
};
