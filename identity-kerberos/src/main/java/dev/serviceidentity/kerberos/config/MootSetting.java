// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A setting that other Kerberos libraries follow and this one does not, so that whoever writes it
 * may expect what does not happen.
 *
 * @param same values that ask for what happens here anyway
 * @param why what happens instead
 */
record MootSetting(Pattern same, String why) {
  private static final String TRUE = "(?i)y|yes|true|t|1|on";
  private static final String FALSE = "(?i)n|no|false|nil|0|off";
  private static final String NONE = "";
  private static final String ENCTYPES =
      "encryption types 17 to 20 are used, and the KDC chooses among them";

  private static final String LOGS_IN_ANEW =
      "a keytab logs in anew, and tickets of credential caches are renewed if they can be";

  private static final Map<String, MootSetting> LIBDEFAULTS =
      Map.ofEntries(
          entry("allow_weak_crypto", FALSE, "DES, DES3 and RC4 are never used (RFC 8429)"),
          entry("allow_des3", FALSE, "DES3 is never used (RFC 8429)"),
          entry("allow_rc4", FALSE, "RC4 is never used (RFC 8429)"),
          entry("canonicalize", FALSE, "a login is answered for the principal that was asked for"),
          entry("clockskew", "300|5m", "say it with clockSkew(...) of the identity"),
          entry("default_ccache_name", NONE, "the identity is told which credentials it has"),
          entry("default_client_keytab_name", NONE, "the identity is told its keytab"),
          entry("default_keytab_name", NONE, "the identity is told its keytab"),
          entry("default_tgs_enctypes", NONE, ENCTYPES),
          entry("default_tkt_enctypes", NONE, ENCTYPES),
          entry("permitted_enctypes", NONE, ENCTYPES),
          entry("dns_canonicalize_hostname", FALSE, "names of services are taken as they are said"),
          entry("rdns", FALSE, "names of services are taken as they are said"),
          entry("qualify_shortname", NONE, "names of services are taken as they are said"),
          entry("dns_lookup_realm", FALSE, "realms of hosts come from [domain_realm] and the KDC"),
          entry("dns_fallback", FALSE, "dns_lookup_kdc alone says whether DNS is asked"),
          entry("dns_uri_lookup", FALSE, "of DNS, SRV records alone are read"),
          entry("enforce_ok_as_delegate", TRUE, "nothing is delegated"),
          entry("extra_addresses", NONE, "tickets are bound to no addresses"),
          entry("forwardable", FALSE, "tickets are not forwarded"),
          entry("proxiable", FALSE, "tickets are not lent"),
          entry("ignore_acceptor_hostname", NONE, "say it with acceptAs(...) of the identity"),
          entry("kdc_default_options", NONE, "the options of requests are chosen here"),
          entry("kdc_timesync", TRUE, "the clock of the KDC is followed"),
          entry("noaddresses", TRUE, "tickets are bound to no addresses"),
          entry("no_addresses", TRUE, "tickets are bound to no addresses"),
          entry("preferred_preauth_types", NONE, "the encrypted timestamp is used"),
          entry("realm_try_domains", "-[0-9]+", "realms come from [domain_realm] and the KDC"),
          entry("request_timeout", "0", "kdc_timeout says how long each KDC may take"),
          entry("max_retries", NONE, "each KDC is asked once, and then the next"),
          entry("udp_preference_limit", "[01]", "KDCs are asked over TCP"),
          entry("renew_lifetime", "0s?", LOGS_IN_ANEW),
          entry("renewable", FALSE, LOGS_IN_ANEW));

  private static final Map<String, MootSetting> REALM =
      Map.ofEntries(
          entry("disable_encrypted_timestamp", FALSE, "the encrypted timestamp is used"),
          entry("kdc_timeout", NONE, "say it for all realms, in [libdefaults]"),
          entry("max_retries", NONE, "each KDC is asked once, and then the next"),
          entry("udp_preference_limit", "[01]", "KDCs are asked over TCP"));

  private static Map.Entry<String, MootSetting> entry(String name, String same, String why) {
    return Map.entry(name, new MootSetting(Pattern.compile(same), why));
  }

  static Optional<MootSetting> ofLibDefaults(String name) {
    return Optional.ofNullable(LIBDEFAULTS.get(name));
  }

  static Optional<MootSetting> ofRealm(String name) {
    return Optional.ofNullable(REALM.get(name));
  }

  /** Whether the user gets something else than asked for. */
  boolean misleads(String value) {
    return !same.matcher(value).matches();
  }
}
