// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A section or block of a krb5.conf: all of one name are one. Mutable while a file is read. */
final class ConfSection {
  private final String name;
  private final ConfPlace place;
  private final List<ConfRelation> relations = new ArrayList<>();
  private final Map<String, ConfSection> sections = new LinkedHashMap<>();

  ConfSection(String name, ConfPlace place) {
    this.name = name;
    this.place = place;
  }

  String name() {
    return name;
  }

  /** Where it stands first. */
  ConfPlace place() {
    return place;
  }

  List<ConfRelation> relations() {
    return relations;
  }

  Map<String, ConfSection> sections() {
    return sections;
  }

  void add(ConfRelation relation) {
    relations.add(relation);
  }

  /** The one of this name within, made where there is none so far. */
  ConfSection section(String within, ConfPlace at) {
    return sections.computeIfAbsent(within, key -> new ConfSection(key, at));
  }
}
