import { join } from 'node:path'

import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'

/**
 * Runs API Extractor on the rolled-up declarations of one entry point.
 *
 * @param {{ folder: string, types: string, name: string, model: string, update: boolean }} options `model`: where the machine-readable
 *   form goes.
 * @returns {{ changed: boolean, errors: string[] }} `changed`: the committed report says something else.
 */
export function extractApi({ folder, types, name, model, update }) {
  /** @type {string[]} */
  const errors = []
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: types,
      compiler: { tsconfigFilePath: join(folder, 'tsconfig.json') },
      apiReport: {
        enabled: true,
        reportFileName: name,
        reportFolder: join(folder, 'etc'),
        reportTempFolder: join(model, '../reports'),
      },
      docModel: { enabled: true, apiJsonFilePath: model, includeForgottenExports: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: {
          default: { logLevel: 'error' },
          'ae-missing-release-tag': { logLevel: 'none' },
          'ae-undocumented': { logLevel: 'none' },
          'ae-unresolved-link': { logLevel: 'none' },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    configObjectFullPath: join(folder, 'api-extractor.json'),
    packageJsonFullPath: join(folder, 'package.json'),
  })
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: update,
    messageCallback: (message) => {
      message.handled = true
      if (message.logLevel === 'error') errors.push(message.formatMessageWithLocation(folder))
    },
  })
  return { changed: apiReportChanged, errors }
}
