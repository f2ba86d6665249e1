// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import dev.serviceidentity.k8s.cluster.Spelling;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The names that a cluster has, to help somebody who has named nobody. */
record KnownNames(Set<String> paths) {
  private static final int MOST = 8;

  /** Of less than this, another name with the same letter is nobody's slip. */
  private static final int SHORTEST = 3;

  /** The end of a sentence that says a name is not there. */
  String insteadOf(String namespace, String name) {
    List<String> near =
        paths.stream().filter(path -> path.startsWith(namespace + "/")).sorted().toList();
    if (near.isEmpty()) {
      return "; nothing is shown in the namespace '"
          + namespace
          + "'"
          + Spelling.hint(nearest(namespace, namespaces()));
    }
    Optional<String> meant =
        nearest(name, near.stream().map(path -> path.substring(namespace.length() + 1)).toList());
    return meant.isPresent()
        ? Spelling.hint(meant.map(each -> namespace + "/" + each))
        : "; there are "
            + near.stream().limit(MOST).collect(Collectors.joining(", "))
            + (near.size() > MOST ? ", …" : "");
  }

  private Set<String> namespaces() {
    return paths.stream()
        .map(path -> path.substring(0, path.indexOf('/')))
        .collect(Collectors.toSet());
  }

  private static Optional<String> nearest(String written, Collection<String> known) {
    return written.length() < SHORTEST ? Optional.empty() : Spelling.nearest(written, known);
  }
}
