extension InitTemplate {
    /// The configuration. It loads as it is. A line with `#` and a space is prose; a line with `#` alone is an option
    /// with its default or an example, which works once the `#` is gone.
    static let configuration = """
        # What Rollcall audits. Edit the paths, then run: rollcall audit
        # Relative paths are relative to this file. Remove a # to use the option behind it.
        version: 1

        # The store that is the source of truth: every other one is compared with it.
        canonical: warehouse

        stores:
          warehouse:
            kind: sqlite
            path: warehouse.db

          crm:
            kind: sqlite
            path: crm.db
            # The table of contacts, and the child table of e-mails and phones (null: none).
            #table: contacts_master
            #identifiers: contact_identifiers
            # What differs from the schema (rollcall schema prints it). A field is a column, null where the store has
            # no such field, or a map.
            #fields:
            #  full_name: display_name
            #  apple_link_id: null
            #  emails: {column: mail, separator: ","}
            #  phones: {column: phone, holds: one, format: national}
            #  version: {column: sync_metadata, path: version}
            #  last_updated: {column: ts, unit: s, precision: ms}
            #  is_me: {absentAs: false}
            #  notes: {distinguishEmpty: true}
            # Reads the file itself in one transaction; copy: reads a copy of it.
            #snapshot: transaction
            # How long to wait for a writer, and how long a read may hold writers up before it turns to a copy.
            #timeout: 60s
            #maxLock: 1s
            # Without it, a store that is empty while others are not counts as not read.
            #allowEmpty: false
            # A column that holds the row's checksum.
            #checksum: row_md5
            #optional: true

          # Stores of other kinds, and all that can be said of each; fields, checksum, allowEmpty and optional are as above.
          # Credentials come from the environment: ${NAME} stands for a variable. A store whose variable is missing is left
          # out with a warning; optional: false makes that an error.
          #identity:
          #  kind: bigquery
          #  project: my-project
          #  dataset: identity
          #  # A key file in JSON, or metadata: the account of the machine.
          #  credentials: ${GOOGLE_APPLICATION_CREDENTIALS}
          #  location: EU
          #  table: contacts_master
          #  identifiers: contact_identifiers
          #  endpoint: https://bigquery.googleapis.com
          #  maximumBytesBilled: 10GiB
          #  # Lets BigQuery compute digests, and so decides their scheme for all stores.
          #  pushdown: false
          #  timeout: 10m
          #people:
          #  kind: twenty
          #  url: https://api.twenty.com
          #  apiKey: ${TWENTY_API_KEY}
          #  rate: 90/min
          #  timeout: 60s
          #app:
          #  kind: supabase
          #  url: https://ref.supabase.co
          #  # A secret key, or the service_role key: others do not see every row.
          #  serviceKey: ${SUPABASE_SECRET_KEY}
          #  schema: public
          #  table: contacts_master
          #  identifiers: contact_identifiers
          #  timeout: 60s
          #database:
          #  kind: postgres
          #  dsn: ${CONTACTS_DATABASE}
          #  schema: public
          #  table: contacts_master
          #  identifiers: contact_identifiers
          #  timeout: 60s

        # Settings of fields. Text may be compared without the white space around it (trim) or letter case (fold).
        # repair: winner, canonical, manual, or union for sets. Fields of your own need a type.
        #fields:
        #  organization: {policy: [trim, fold], repair: manual}
        #  vip: {type: bool}

        # Folders: rule files, reports, and Rollcall's own state.
        rules: rules
        #reports: reports
        #state: .rollcall

        # The region of phone numbers that are written without a country code.
        phoneRegion: US

        # What differs is read again before it counts. What changed within the lag counts as busy.
        #recheck: {delay: 2s, lag: 10m, max: 100000}

        # What sync may repair by itself.
        #repair: {onTie: canonical, adoptOrphans: false, deleteOrphans: false}

        # Memory, and how much one repair may change.
        #limits: {memory: 512MiB, maxChange: 5%, maxDeletes: 1000, maxInserts: 100000}

        # What the release gate lets pass.
        #gate: {maxFindings: {drift.field: 0}, fullAuditWithin: 7d}

        # More credentials, from the environment as well.
        #sync: {interval: 5m, listen: 127.0.0.1:8787, webhookSecret: {crm: "${CRM_WEBHOOK_SECRET}"}}
        #alert: {url: "${ALERT_WEBHOOK}"}

        # How long what is gone is remembered.
        #retention: 90d

        # With a key, the history cannot be forged; without one, its chain detects accidents.
        #historyKey: ${ROLLCALL_HISTORY_KEY}

        """
}
