// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import dev.serviceidentity.spi.ForeignText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the sections of a krb5.conf into a configuration, and tells what has no effect. */
final class ConfMeaning {
  /** Over HTTPS, through a socket of the machine, or in the way of another library. */
  private static final String OTHER_TRANSPORT = "(?i)(https?://|unix:|(tcp|udp|http)/).*";

  private final ConfReader reader;
  private final KerberosConfig.Builder builder;

  ConfMeaning(ConfReader reader, KerberosConfig.Builder builder) {
    this.reader = reader;
    this.builder = builder;
  }

  void apply() {
    for (ConfSection section : reader.root().sections().values()) {
      switch (section.name()) {
        case "libdefaults" -> libDefaults(section);
        case "realms" -> realms(section);
        case "domain_realm" -> hosts(section);
        case "capaths" -> paths(section);
        default -> other(section);
      }
    }
  }

  private void other(ConfSection section) {
    if (!UnconcernedSetting.isSection(section.name())) {
      reader.warn(
          section.place(), "the section " + ForeignText.quote(section.name()) + " is not known");
    }
  }

  private void libDefaults(ConfSection section) {
    for (ConfRelation setting : firsts(section)) {
      switch (setting.name()) {
        case "default_realm" -> builder.defaultRealm(setting.realm());
        case "dns_lookup_kdc" -> builder.dnsLookup(setting.bool());
        case "kdc_timeout" -> builder.kdcTimeout(setting.timeout());
        case "ticket_lifetime" -> builder.ticketLifetime(setting.lifetime());
        default ->
            unused(
                setting,
                UnconcernedSetting.isOfLibDefaults(setting.name()),
                MootSetting.ofLibDefaults(setting.name()));
      }
    }
    for (ConfSection within : section.sections().values()) {
      reader.warn(
          within.place(),
          "the block "
              + ForeignText.quote(within.name())
              + " is not read: settings of [libdefaults] are for all realms");
    }
  }

  private void unused(ConfRelation setting, boolean unconcerned, Optional<MootSetting> moot) {
    if (moot.isPresent()) {
      if (moot.get().misleads(setting.value())) {
        reader.note(setting.place(), setting + " changes nothing: " + moot.get().why());
      }
    } else if (!unconcerned) {
      reader.warn(setting.place(), "the setting " + setting + " is not known");
    }
  }

  private void realms(ConfSection section) {
    for (ConfRelation odd : section.relations()) {
      reader.warn(odd.place(), odd + " is not read: a realm is a block of several lines");
    }
    section.sections().values().forEach(this::realm);
  }

  private void realm(ConfSection realm) {
    for (ConfRelation setting : realm.relations()) {
      if (!setting.name().equals("kdc")) {
        unused(
            setting,
            UnconcernedSetting.isOfRealm(setting.name()),
            MootSetting.ofRealm(setting.name()));
      } else if (setting.value().matches(OTHER_TRANSPORT)) {
        reader.warn(setting.place(), setting + " is not used: KDCs are asked over TCP alone");
      } else {
        builder.kdc(realm.name(), setting.kdc().toString());
      }
    }
    for (ConfSection within : realm.sections().values()) {
      if (!UnconcernedSetting.isOfRealm(within.name())) {
        reader.warn(
            within.place(), "the block " + ForeignText.quote(within.name()) + " is not known");
      }
    }
  }

  /** A host stands for the domain of its name too, where that is not said itself. */
  private void hosts(ConfSection section) {
    var realms = new HashMap<String, String>();
    for (ConfRelation host : firsts(section)) {
      realms.putIfAbsent(host.lowerCaseName(), host.realm());
    }
    realms.forEach(
        (host, realm) -> {
          builder.hosts(realm, host);
          if (!host.startsWith(".") && !realms.containsKey("." + host)) {
            builder.hosts(realm, "." + host);
          }
        });
    noBlocks(section);
  }

  private void paths(ConfSection section) {
    for (ConfSection client : section.sections().values()) {
      var between = new LinkedHashMap<String, List<String>>();
      for (ConfRelation service : client.relations()) {
        List<String> way = between.computeIfAbsent(service.name(), name -> new ArrayList<>());
        if (!service.value().equals(".")) {
          way.addAll(List.of(service.realms()));
        }
      }
      between.forEach(
          (service, way) -> builder.path(client.name(), service, way.toArray(String[]::new)));
      noBlocks(client);
    }
    for (ConfRelation odd : section.relations()) {
      reader.warn(odd.place(), odd + " is not read: a client's realm is a block of several lines");
    }
  }

  private void noBlocks(ConfSection section) {
    for (ConfSection within : section.sections().values()) {
      reader.warn(
          within.place(), "the block " + ForeignText.quote(within.name()) + " has no meaning here");
    }
  }

  /** Of settings that are said twice the first stands, as with MIT's library. */
  private List<ConfRelation> firsts(ConfSection section) {
    Map<String, ConfRelation> first = new LinkedHashMap<>();
    for (ConfRelation setting : section.relations()) {
      ConfRelation before = first.putIfAbsent(setting.name(), setting);
      if (before != null && !before.value().equals(setting.value())) {
        reader.warn(
            setting.place(), setting + " is not used: what " + before.place() + " says stands");
      }
    }
    return List.copyOf(first.values());
  }
}
