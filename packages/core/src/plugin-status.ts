/** Whether a plugin can work here. */
export interface PluginStatus {
  /** Whether it can be used now. */
  readonly available: boolean
  /** Its version, or null when it does not say. */
  readonly version: string | null
  /** What to do when it is not available, or null. */
  readonly hint: string | null
}
