// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import java.util.Set;

/** Names in a krb5.conf that concern other programs, or nothing that this library does. */
final class UnconcernedSetting {
  /** For applications, KDCs, administration, and logs of other programs. */
  private static final Set<String> SECTIONS =
      Set.of(
          "appdefaults",
          "dbdefaults",
          "dbmodules",
          "kadmin",
          "kadmind",
          "kdc",
          "kdcdefaults",
          "kdcproxy",
          "logging",
          "login",
          "otp",
          "plugins");

  /** Local users, caches and replay files of MIT's library and Heimdal's, messages, plug-ins. */
  private static final Set<String> LIBDEFAULTS =
      Set.of(
          "ap_req_checksum_type",
          "ccache_type",
          "client_aware_channel_bindings",
          "default_checksum",
          "default_rcache_name",
          "err_fmt",
          "fcc-mit-ticketflags",
          "k5login_authoritative",
          "k5login_directory",
          "kcm_mach_service",
          "kcm_socket",
          "kdc_req_checksum_type",
          "plugin_base_dir",
          "safe_checksum_type",
          "spake_preauth_groups",
          "verify_ap_req_nofail");

  /**
   * Administration, local users, Kerberos 4, and certificates of clients. A primary KDC is asked
   * again by MIT's library after a wrong password, and here keys come from keytabs.
   */
  private static final Set<String> REALM =
      Set.of(
          "admin_server",
          "auth_to_local",
          "auth_to_local_names",
          "default_domain",
          "http_anchors",
          "kpasswd_server",
          "master_kdc",
          "primary_kdc",
          "sitename",
          "v4_instance_convert",
          "v4_name_convert",
          "v4_realm");

  private UnconcernedSetting() {}

  static boolean isSection(String name) {
    return SECTIONS.contains(name);
  }

  static boolean isOfLibDefaults(String name) {
    return LIBDEFAULTS.contains(name) || isOfCertificates(name);
  }

  static boolean isOfRealm(String name) {
    return REALM.contains(name) || isOfCertificates(name);
  }

  private static boolean isOfCertificates(String name) {
    return name.startsWith("pkinit_");
  }
}
