// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.ServiceIdentityBuilder;
import dev.serviceidentity.network.FlowEnd;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No type of the API stands in the way of a unit test. */
class MakeableTypesTest {
  /** Made by a factory of another type. */
  private static final Set<Class<?>> EXCEPTED =
      Set.of(ServiceIdentityBuilder.class, FlowEnd.AddressEnd.class);

  @Test
  void everyPublicTypeIsAnInterfaceOrAnEnumOrHasAPublicFactory() throws Exception {
    List<Class<?>> types = publicTypes();
    assertThat(types).hasSizeGreaterThan(50).contains(ServiceIdentity.class);
    assertThat(types).filteredOn(type -> !isMockable(type) && !isMakeable(type)).isEmpty();
  }

  private static boolean isMockable(Class<?> type) {
    return type.isInterface() && !type.isSealed();
  }

  private static boolean isMakeable(Class<?> type) {
    return type.isEnum()
        || type.isSealed()
        || holdsStaticsAlone(type)
        || EXCEPTED.contains(type)
        || type.getConstructors().length > 0
        || Arrays.stream(type.getMethods())
            .anyMatch(
                method ->
                    Modifier.isStatic(method.getModifiers()) && method.getReturnType() == type);
  }

  /** Nobody has an object of it, so nobody needs one for a test. */
  private static boolean holdsStaticsAlone(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .allMatch(method -> Modifier.isStatic(method.getModifiers()));
  }

  /** The packages that the module exports; guard is not one of them. */
  private static List<Class<?>> publicTypes()
      throws IOException, URISyntaxException, ClassNotFoundException {
    Path home =
        Path.of(ServiceIdentity.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(home)) {
      return publicTypes(home);
    }
    // By its path: one that is opened by its URI exists once in a JVM, for whoever comes first.
    try (FileSystem jar = FileSystems.newFileSystem(home)) {
      return publicTypes(jar.getPath("/"));
    }
  }

  private static List<Class<?>> publicTypes(Path root) throws IOException, ClassNotFoundException {
    List<String> names;
    try (Stream<Path> files = Files.walk(root.resolve("dev"))) {
      names =
          files
              .map(file -> root.relativize(file).toString())
              .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
              .map(name -> name.replace(".class", "").replace('/', '.'))
              .filter(name -> !name.startsWith("dev.serviceidentity.guard."))
              .toList();
    }
    var types = new ArrayList<Class<?>>();
    for (String name : names) {
      Class<?> type = Class.forName(name, false, MakeableTypesTest.class.getClassLoader());
      if (Modifier.isPublic(type.getModifiers())) {
        types.add(type);
      }
    }
    return types;
  }
}
