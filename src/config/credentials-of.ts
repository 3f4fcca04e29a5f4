import type { FunctionCredentials } from '../contract/function-settings.ts';
import type { SettingValues } from './schema.ts';

export function credentialsOf(values: SettingValues): FunctionCredentials {
	return {
		accessKey: values.accessKey ?? '',
		secretKey: values.secretKey ?? '',
		securityAccessKey: values.securityAccessKey ?? '',
		securitySecretKey: values.securitySecretKey ?? '',
		securityToken: values.securityToken ?? '',
		authToken: values.authToken ?? '',
	};
}
