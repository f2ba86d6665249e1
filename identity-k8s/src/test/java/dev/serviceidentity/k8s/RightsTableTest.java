// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.cluster.LiveKind;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of rights in the documentation, the roles to apply, and the code say the same. */
class RightsTableTest {
  private static final Path TABLE = Path.of("..", "docs", "kubernetes-live.md");
  private static final Path ROLES = Path.of("..", "deploy", "kubernetes");
  private static final List<String> FILES = List.of("rights.yaml", "optional-rights.yaml");

  /** A line of the table, or a rule of a role. */
  private record Right(String file, String resource, Set<String> verbs)
      implements Comparable<Right> {
    @Override
    public int compareTo(Right other) {
      return toString().compareTo(other.toString());
    }
  }

  private static Set<Right> documented() throws IOException {
    var rights = new TreeSet<Right>();
    for (String line : Files.readAllLines(TABLE)) {
      String[] cells = line.split(" *\\| *", -1);
      if (cells.length > 4 && FILES.contains(cells[4])) {
        String[] right = cells[2].split(": ", -1);
        for (String resource : right[0].split(", ", -1)) {
          rights.add(
              new Right(cells[4], resource, new TreeSet<>(List.of(right[1].split(", ", -1)))));
        }
      }
    }
    return rights;
  }

  private static Set<Right> granted() throws IOException {
    var rights = new TreeSet<Right>();
    for (String file : FILES) {
      try (InputStream in = Files.newInputStream(ROLES.resolve(file))) {
        ((Collection<?>) new KubernetesSerialization().unmarshal(in))
            .stream().flatMap(RightsTableTest::rules).forEach(rule -> add(rights, file, rule));
      }
    }
    return rights;
  }

  private static Stream<PolicyRule> rules(Object object) {
    return object instanceof Role role
        ? role.getRules().stream()
        : object instanceof ClusterRole role ? role.getRules().stream() : Stream.of();
  }

  private static void add(Set<Right> rights, String file, PolicyRule rule) {
    String group = rule.getApiGroups().get(0);
    for (String resource : rule.getResources()) {
      rights.add(
          new Right(
              file,
              group.isEmpty() ? resource : resource + "." + group,
              new TreeSet<>(rule.getVerbs())));
    }
  }

  @Test
  void whatIsDocumentedIsWhatTheRolesGrant() throws IOException {
    assertThat(documented()).isNotEmpty().isEqualTo(granted());
  }

  @ParameterizedTest
  @EnumSource
  void whatTheCodeListsIsDocumented(LiveKind kind) throws IOException {
    String resource = kind.group().isEmpty() ? kind.plural() : kind.plural() + "." + kind.group();
    assertThat(documented())
        .filteredOn(right -> right.resource().equals(resource))
        .isNotEmpty()
        .allSatisfy(right -> assertThat(right.verbs()).contains("list"));
  }
}
